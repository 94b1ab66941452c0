//! Filters of system calls (seccomp(2)), put together from rules that each end in a verdict.

use libc::{
    SECCOMP_RET_ALLOW, SECCOMP_RET_ERRNO, SECCOMP_RET_KILL_PROCESS, SECCOMP_RET_USER_NOTIF, sock_filter,
};

/// What becomes of a system call.
#[derive(Clone, Copy)]
pub(super) enum Verdict {
    /// It fails with this error number.
    Fails(i32),
    /// The process at the other end of the filter decides.
    Asks,
}

/// A condition on a system call. Arguments count from 0, and only their lower 32 bits are looked at, as the kernel does
/// for those that are used here.
pub(super) enum When {
    Always,
    /// Any of these bits is set in the argument.
    Bits(u32, u32),
    /// Any of these bits is set in the one argument, and any of those in the other.
    BothBits((u32, u32), (u32, u32)),
    /// The argument is one of these.
    In(u32, &'static [u32]),
    /// The argument is none of these.
    NotIn(u32, &'static [u32]),
}

/// Sockets that may be made: a family with any of these types, or with this protocol whatever its type.
pub(super) struct Family {
    pub(super) number: u32,
    pub(super) types: &'static [u32],
    pub(super) protocol: Option<u32>,
}

/// A filter for calls of this machine's own kind. Calls of another kind (32 bits on a machine of 64) end the process;
/// numbers above `newest` are not implemented.
pub(super) struct Filter {
    code: Vec<sock_filter>,
}

const LOAD: u16 = 0x20; // BPF_LD | BPF_W | BPF_ABS
const AND: u16 = 0x54; // BPF_ALU | BPF_AND | BPF_K
const EQUAL: u16 = 0x15; // BPF_JMP | BPF_JEQ | BPF_K
const AT_LEAST: u16 = 0x35; // BPF_JMP | BPF_JGE | BPF_K
const ANY_BIT: u16 = 0x45; // BPF_JMP | BPF_JSET | BPF_K
const RETURN: u16 = 0x06; // BPF_RET | BPF_K

const NUMBER: u32 = 0;
const KIND: u32 = 4;
const ARGUMENTS: u32 = 16;

#[cfg(target_arch = "x86_64")]
const THIS_KIND: u32 = 0xC000_003E;
#[cfg(target_arch = "aarch64")]
const THIS_KIND: u32 = 0xC000_00B7;
#[cfg(target_arch = "riscv64")]
const THIS_KIND: u32 = 0xC000_00F3;

impl Filter {
    /// Everything is allowed up to this number. That covers x32 as well, whose numbers are very large.
    pub(super) fn new(newest: i64) -> Self {
        let mut filter = Self { code: Vec::with_capacity(512) };
        filter.then(LOAD, KIND);
        filter.jump(EQUAL, THIS_KIND, 1, 0);
        filter.then(RETURN, SECCOMP_RET_KILL_PROCESS);
        filter.then(LOAD, NUMBER);
        filter.jump(AT_LEAST, word(newest).saturating_add(1), 0, 1);
        filter.verdict(Verdict::Fails(libc::ENOSYS));
        filter
    }

    /// Adds a rule. The first rule for a call decides.
    pub(super) fn rule(&mut self, call: i64, when: &When, verdict: Verdict) {
        let start = self.code.len();
        self.jump(EQUAL, word(call), 0, 0);
        match when {
            When::Always => self.verdict(verdict),
            When::Bits(argument, bits) => {
                self.argument(*argument);
                self.jump(ANY_BIT, *bits, 0, 1);
                self.verdict(verdict);
                self.then(RETURN, SECCOMP_RET_ALLOW);
            }
            When::BothBits((first, one), (second, other)) => {
                self.argument(*first);
                self.jump(ANY_BIT, *one, 0, 3);
                self.argument(*second);
                self.jump(ANY_BIT, *other, 0, 1);
                self.verdict(verdict);
                self.then(RETURN, SECCOMP_RET_ALLOW);
            }
            When::In(argument, values) => {
                self.argument(*argument);
                self.one_of(values, verdict);
                self.then(RETURN, SECCOMP_RET_ALLOW);
            }
            When::NotIn(argument, values) => {
                self.argument(*argument);
                self.none_of(values, verdict);
            }
        }
        self.close(start);
    }

    /// socket(2) and socketpair(2): what is allowed; anything else fails.
    pub(super) fn sockets(&mut self, call: i64, families: &[Family]) {
        let start = self.code.len();
        self.jump(EQUAL, word(call), 0, 0);
        for family in families {
            self.argument(0);
            let place = self.code.len();
            self.jump(EQUAL, family.number, 0, 0);
            match family.protocol {
                Some(_) => self.argument(2),
                None => self.argument(1),
            }
            // Above the type are flags, such as SOCK_CLOEXEC.
            self.then(AND, if family.protocol.is_some() { u32::MAX } else { 0xf });
            for value in family.protocol.iter().chain(family.types) {
                self.jump(EQUAL, *value, 0, 1);
                self.then(RETURN, SECCOMP_RET_ALLOW);
            }
            self.verdict(Verdict::Fails(libc::EPERM));
            self.close(place);
        }
        self.verdict(Verdict::Fails(libc::EAFNOSUPPORT));
        self.close(start);
    }

    /// Lets the test at `place` jump behind all that has been added since when it does not hold.
    fn close(&mut self, place: usize) {
        let length = self.code.len() - place - 1;
        if let Some(test) = self.code.get_mut(place) {
            test.jf = u8::try_from(length).unwrap_or(u8::MAX);
        }
    }

    /// The program for the kernel.
    pub(super) fn finish(mut self) -> Vec<sock_filter> {
        self.then(RETURN, SECCOMP_RET_ALLOW);
        self.code
    }

    fn one_of(&mut self, values: &[u32], verdict: Verdict) {
        for value in values {
            self.jump(EQUAL, *value, 0, 1);
            self.verdict(verdict);
        }
    }

    fn none_of(&mut self, values: &[u32], verdict: Verdict) {
        for value in values {
            self.jump(EQUAL, *value, 0, 1);
            self.then(RETURN, SECCOMP_RET_ALLOW);
        }
        self.verdict(verdict);
    }

    fn argument(&mut self, argument: u32) {
        self.then(LOAD, ARGUMENTS + 8 * argument);
    }

    fn verdict(&mut self, verdict: Verdict) {
        let value = match verdict {
            Verdict::Fails(error) => SECCOMP_RET_ERRNO | error.unsigned_abs(),
            Verdict::Asks => SECCOMP_RET_USER_NOTIF,
        };
        self.then(RETURN, value);
    }

    fn then(&mut self, code: u16, value: u32) {
        self.jump(code, value, 0, 0);
    }

    fn jump(&mut self, code: u16, value: u32, jt: u8, jf: u8) {
        self.code.push(sock_filter { code, jt, jf, k: value });
    }
}

fn word(number: i64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
