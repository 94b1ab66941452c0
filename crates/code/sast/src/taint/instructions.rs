use andon_syntax::Language;

use super::cells::Shape;
use super::environment::{Environment, Spot};
use super::fixpoint::Analysis;
use super::places::Known;
use super::taints::Taints;
use crate::flow::{
    Argument, Base, ExpressionId, ExpressionKind, Instruction, InstructionKind, Origin, Place, Step,
};

impl Analysis<'_> {
    /// Runs an instruction.
    pub(super) fn instruction(&mut self, instruction: &Instruction) {
        let before = self.target_cell(&self.environment, instruction.target());
        let (taints, shape) = self.result(instruction);
        let Some(to) = instruction.target() else { return };
        // What is assigned to may itself be a source.
        let known = self.place(to);
        self.at_sinks(instruction.origin, &known.taints, &known.shape, |hit, _| hit.is_best);
        let Some(spot) = Spot::new(self.program, to, to.offsets.len()) else { return };
        if !taints.is_empty() || !shape.is_unknown() {
            self.environment.add(&spot, &taints, &shape);
        } else if before == self.target_cell(&self.environment, Some(to)) {
            self.environment.clean(&spot);
        }
    }

    /// What is known of the variable that an instruction sets.
    fn target_cell(&self, environment: &Environment, to: Option<&Place>) -> Option<super::cells::Cell> {
        let spot = Spot::new(self.program, to?, to?.offsets.len())?;
        environment.cell(spot.variable).cloned()
    }

    fn result(&mut self, instruction: &Instruction) -> (Taints, Shape) {
        let origin = instruction.origin;
        if !self.sanitizers(origin).is_empty() {
            return (Taints::default(), Shape::default());
        }
        let (taints, shape) = match &instruction.kind {
            InstructionKind::Assign { value, .. } => {
                let (taints, shape) = self.expression(*value);
                (if self.is_safe(*value) { Taints::default() } else { taints }, shape)
            }
            InstructionKind::Define(_) => (Taints::default(), Shape::default()),
            InstructionKind::Call { callee, arguments, .. } => {
                (self.called(*callee, arguments, origin), Shape::default())
            }
            InstructionKind::New { arguments, .. } | InstructionKind::Special { arguments, .. } => {
                let taints = self.arguments(arguments);
                let is_stopped = self.spec.options.taint_only_propagate_through_assignments;
                (if is_stopped { Taints::default() } else { taints }, Shape::default())
            }
        };
        let taints = self.with_sources(origin, taints);
        let brought = self.propagate(origin, None, &taints, &shape);
        let taints = taints.union(&brought);
        self.at_sinks(origin, &taints, &shape, |hit, _| hit.is_best);
        let is_safe = instruction.target().is_some_and(|to| self.is_safe_place(to));
        (if is_safe { Taints::default() } else { taints }, shape)
    }

    /// Every taint of arguments.
    fn arguments(&mut self, arguments: &[Argument]) -> Taints {
        let mut all = Taints::default();
        for argument in arguments {
            let (taints, shape) = self.expression(argument.value);
            let is_safe = self.is_safe(argument.value);
            all = shape.gather(if is_safe { all } else { all.union(&taints) });
        }
        all
    }

    /// What a call gives, when nothing is known of the function.
    fn called(&mut self, callee: ExpressionId, arguments: &[Argument], origin: Origin) -> Taints {
        let given = self.arguments(arguments);
        let (function, object) = self.callee(callee);
        // A sink that is a whole call takes every argument, even where calls are taken to be safe.
        self.at_sinks(origin, &given, &Shape::default(), |hit, rule| {
            hit.is_best && !(rule.exact && rule.has_focus())
        });
        let passes = self.goes_through_functions();
        let mut taints = if passes { given.clone() } else { Taints::default() };
        match self.accessor(callee, arguments, &given) {
            Some(got) => taints = taints.union(&got),
            None if passes => taints = taints.union(&object),
            None => {}
        }
        if !self.spec.options.taint_only_propagate_through_assignments {
            taints = function.union(&taints);
        }
        taints
    }

    /// The taints of a function and, for a method, of its object.
    fn callee(&mut self, callee: ExpressionId) -> (Taints, Taints) {
        let program = self.program;
        match program.expression(callee).map(|expression| &expression.kind) {
            Some(ExpressionKind::Read(place)) if !place.offsets.is_empty() => {
                let Known { taints, object, .. } = self.place(place);
                (taints, object)
            }
            _ => (self.expression(callee).0, Taints::default()),
        }
    }

    /// In Java `x.getA()` and `x.setA(b)` stand for the field.
    fn accessor(&mut self, callee: ExpressionId, arguments: &[Argument], given: &Taints) -> Option<Taints> {
        if self.source.language != Language::Java {
            return None;
        }
        let program = self.program;
        let ExpressionKind::Read(place) = &program.expression(callee)?.kind else { return None };
        let (Base::Variable { .. }, [offset]) = (place.base, place.offsets.as_slice()) else { return None };
        let Step::Field(name) = offset.step else { return None };
        let name = self.source.symbols.text(name);
        let is_getter = name.starts_with("get") && arguments.is_empty();
        let is_setter = name.starts_with("set") && arguments.len() == 1;
        let property = name.get(3..).filter(|rest| !rest.is_empty() && (is_getter || is_setter))?;
        let mut letters = property.chars();
        let first = letters.next()?.to_ascii_lowercase();
        let property = format!("{first}{}", letters.as_str());
        // A field that the file never mentions is told apart by its method's pair, which is mentioned.
        let symbol = self.source.symbols.find(&property).or_else(|| self.pair_of(name))?;
        let mut field = place.clone();
        if let Some(last) = field.offsets.last_mut() {
            last.step = Step::Field(symbol);
            last.origin = Origin::NONE;
            last.node = None;
        }
        if is_getter {
            return Some(self.place(&field).taints);
        }
        if let Some(spot) = Spot::new(self.program, &field, 1).filter(|_| !given.is_empty()) {
            self.environment.add(&spot, given, &Shape::default());
        }
        Some(Taints::default())
    }

    /// The name of the getter for a setter; the getter's own.
    fn pair_of(&self, name: &str) -> Option<andon_syntax::Symbol> {
        let getter = format!("g{}", name.get(1..)?);
        self.source.symbols.find(&getter).or_else(|| self.source.symbols.find(name))
    }

    /// What a function returns; tells if that is a sink.
    pub(super) fn returns(&mut self, value: ExpressionId, word: Origin) -> Taints {
        let (taints, shape) = self.expression(value);
        let taints = if self.is_safe(value) { Taints::default() } else { taints };
        let origin = self.program.expression(value).map_or(Origin::NONE, |expression| expression.origin);
        for origin in [word, origin] {
            self.at_sinks(origin, &taints, &Shape::default(), |hit, _| hit.is_best);
        }
        shape.gather(taints)
    }
}
