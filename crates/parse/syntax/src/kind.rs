/// What a node is. After the name stand its text, if it has one, and its children in order: `x` is one child, `x?` one
/// child that is [`Kind::Absent`] when there is nothing, `x*` any number of children. Positions are fixed, so that the
/// third child of a function is its type parameters in every language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Kind {
    /// The file: `statement*`.
    File,
    /// An optional child that is not there. Its span is empty.
    Absent,
    /// Anything that has no kind of its own; text: the grammar's name for it; children: its named parts, lowered.
    Other,
    /// Code that did not parse, or nests too deep; no children.
    Broken,

    // Leaves.
    /// An identifier; text: itself.
    Name,
    /// A string without interpolation; text: what stands between the quotes, escapes as written.
    Str,
    /// An integer; text: as written, without separators, lower case.
    Int,
    /// A number with a fraction or an exponent; text: as [`Kind::Int`].
    Float,
    /// An imaginary number; text: as [`Kind::Int`].
    Imaginary,
    /// A character; text: what stands between the quotes.
    Char,
    /// `true` or `false`; text: in lower case.
    Bool,
    /// `None`, `null`, `nil`.
    Null,
    /// A regular expression literal; text: `/pattern/flags` as written.
    Regex,
    /// `this`.
    This,
    /// `super`.
    Super,

    // Holes, in patterns only.
    /// `...`, wherever it stands: argument, statement, parameter, element, member, field.
    Ellipsis,
    /// `$X`; text: `$X`. `$_` matches anything and binds nothing.
    Metavariable,
    /// `$...X`; text: `$...X`.
    MetavariableEllipsis,
    /// `<... x ...>`: `x`.
    DeepEllipsis,
    /// `($X : T)`, `(T $X)`; text: `$X`; `type`.
    TypedMetavariable,

    // Expressions.
    /// A string with interpolation, or literals side by side: `(Str | expression)*`. Text: `f` for what reads variables
    /// (f-string, template literal), empty for literals side by side, the tag's source for a tagged template.
    Template,
    /// `[a, b]`, and `new T[]{a, b}` inside [`Kind::New`]: `element*`. Also a list pattern on the left of `=`.
    Array,
    /// `(a, b)`, and `a, b` in Python and Go where it means the same: `element*`.
    Tuple,
    /// `{a, b}` in Python: `element*`.
    Set,
    /// A Python dictionary or a Go composite literal with keys: `(Pair | Spread | element)*`.
    Dict,
    /// A JavaScript object: `(Pair | Spread | FunctionDef | element)*`. Also an object pattern.
    Record,
    /// `key: value`, `key = default` in an object pattern: `key value`. A shorthand `{a}` is the pair of `a` and `a`.
    Pair,
    /// `[x for a in b if c]`; text: `list`, `set`, `dict` or `generator`: `element (ComprehensionFor | ComprehensionIf)*`.
    Comprehension,
    /// `for a in b`: `target iterable`.
    ComprehensionFor,
    /// `if c`: `condition`.
    ComprehensionIf,
    /// `f(a)`: `callee Args`.
    Call,
    /// The arguments: `(expression | Keyword | Spread)*`.
    Args,
    /// `name=value` as an argument; text: the name, or the metavariable in its place: `value`.
    Keyword,
    /// `*x`, `**x`, `...x`; text: `*` or `**` (`...x` is `*` in calls and arrays, `**` in objects): `value`.
    Spread,
    /// `new T(a) { … }`: `type Args ClassBody?`. A Go or Java array creation has an [`Kind::Array`] in place of Args,
    /// another composite literal of Go a [`Kind::Dict`].
    New,
    /// `a.b`, `a?.b`, `a::b`; text: empty, or `?` for optional chaining: `object name`. The name is a [`Kind::Name`], a
    /// hole, or any expression. In a pattern `a. ... .b()` the inner `a. ...` is a Member whose name is Ellipsis.
    /// Dotted names of types, modules and annotations are Members too.
    Member,
    /// `a[i]`: `object index`.
    Index,
    /// `a[l:h:s]`: `object low? high? step?`.
    Slice,
    /// `-a`; text: the operator, `not` being `!`; `x++`, `x--` after their operand are `p++`, `p--`: `operand`.
    Unary,
    /// `a + b`; text: the operator, `and` being `&&`, `or` being `||`: `left right`. `a < b < c` is `(a < b) && (b < c)`.
    /// Also `in`, `not in`, `is`, `is not`, `instanceof`.
    Binary,
    /// `a = b` where it is an expression or changes what exists: `target value`. Python's and Go's `:=` too.
    Assign,
    /// `a += b`; text: the operator without `=`: `target value`.
    AugmentedAssign,
    /// `a ? b : c`: `condition then else`.
    Conditional,
    /// `x -> e`, a function expression, an anonymous function; text: `async` or empty: `Attributes Params return_type?
    /// body`. The body is a [`Kind::Block`] or an expression.
    Lambda,
    /// `await x`: `value`.
    Await,
    /// `yield x`; text: `from` or `*` for delegation: `value?`.
    Yield,
    /// `a, b` as the comma operator: `expression*`.
    Sequence,
    /// `(T) x`, `x as T`, `x.(T)`: `type value`.
    Cast,
    /// A JSX element or fragment: `name? XmlAttribute* child*`; text: empty.
    Xml,
    /// `a={b}`, `a="b"`, `{...b}`; text: the name: `value?`.
    XmlAttribute,
    /// Text between JSX tags; text: itself.
    XmlText,
    /// An anonymous class: `ClassBody` with supertypes as in [`Kind::ClassDef`].
    AnonymousClass,

    // Types, where an expression cannot say it.
    /// `List<T>`, `List[T]` in Java, TypeScript and Go type positions: `type argument*`.
    GenericType,
    /// `T[]`: `type length?`.
    ArrayType,
    /// `*T`: `type`.
    PointerType,

    // Statements.
    /// An expression that stands as a statement: `expression`.
    ExprStatement,
    /// `{ … }` or an indented suite: `statement*`.
    Block,
    /// `if`: `condition then else?`; `elif` is an [`Kind::If`] in `else`. Go's `if init; c` is a Block of both.
    If,
    /// `while`: `condition body else?`.
    While,
    /// `do … while`: `body condition`.
    DoWhile,
    /// `for (init; condition; update)`: `init? condition? update? body`. Several inits are a Sequence or a Block.
    For,
    /// `for x in y`, `for (x of y)`, `for k, v := range m`; text: `in`, `of` or empty: `target iterable body else?`.
    /// The target of a declaration is a [`Kind::VarDef`] without value.
    ForEach,
    /// `switch`, `match`, `select`: `subject? Case*`.
    Switch,
    /// A branch; text: `default` for the default: `label* Block`.
    Case,
    /// `return`: `value?`.
    Return,
    /// `throw`, `raise`: `value? cause?`.
    Throw,
    /// `break`; text: the label.
    Break,
    /// `continue`; text: the label.
    Continue,
    /// A label; text: its name: `statement`.
    Label,
    /// `try`: `resources? Block Catch* else? finally?` with `Block`s.
    Try,
    /// `except T as e:`, `catch (T e)`: `type? name? Block`.
    Catch,
    /// `with a as b:`, `using`; text: `async` or empty: `WithItem* Block`.
    With,
    /// `a as b`: `value target?`.
    WithItem,
    /// `assert`: `condition message?`.
    Assert,
    /// `del a`, `delete a`, `go f()`, `defer f()`, `global a`, `pass`, `synchronized`, `fallthrough`…; text: the keyword:
    /// `part*`.
    Keyed,

    // Definitions.
    /// A function or method; text: `method`, `constructor`, `get`, `set` or empty: `Attributes name TypeParams? Params
    /// return_type? body?`. A Go method's receiver is the attribute [`Kind::Receiver`].
    FunctionDef,
    /// A Go receiver: `Params`.
    Receiver,
    /// Parameters: `(Param | Ellipsis | pattern)*`.
    Params,
    /// A parameter; text: `*`, `**`, `/` or empty: `Attributes name type? default?`. The name may be a pattern.
    Param,
    /// Type parameters: `Other*`.
    TypeParams,
    /// A class, interface, enum, record or struct; text: which: `Attributes name TypeParams? Supers ClassBody`.
    ClassDef,
    /// Supertypes: `(SuperType | Keyword)*`, see [`Kind::SuperType`].
    Supers,
    /// One supertype; text: `extends` or `implements`: `type`. Python's are `extends`.
    SuperType,
    /// Members: `(FunctionDef | VarDef | ClassDef | statement)*`.
    ClassBody,
    /// A variable, constant or field with or without a value; text: `const`, `let`, `var`, `field` or empty:
    /// `Attributes target type? value?`. A Python assignment is [`Kind::Assign`], and so is a Go `:=`.
    VarDef,
    /// Decorators, annotations and modifiers: `(Attribute | Modifier | Receiver)*`.
    Attributes,
    /// `@a.b(c)`: `name Args?`. Anything but a name or a call: `expression Absent`.
    Attribute,
    /// `static`, `public`, `async`…; text: itself.
    Modifier,
    /// A type alias: `name TypeParams? type`.
    TypeAlias,

    // Imports.
    /// `import a.b as c`, `import c from 'a'` (the default export is an [`Kind::ImportFrom`] of `default`),
    /// `import c "a/b"`, `import a.b.C`: `module alias?`. The module is a dotted name, or a [`Kind::Str`].
    Import,
    /// `from a import b as c, d`: `module ImportName*`.
    ImportFrom,
    /// One imported name: `name alias?`.
    ImportName,
    /// `from a import *`, `import * as b from 'a'`, `import a.*`: `module alias?`.
    ImportAll,
    /// `package a.b`: `name`.
    Package,
    /// `export …`; text: `default`, `*` or empty: `part*`. An exported declaration is its only part.
    Export,
}
