//! Packets (RFC 9580, section 4) and the numbers in them.

pub(super) const SIGNATURE: u8 = 2;
pub(super) const SECRET_KEY: u8 = 5;
pub(super) const PUBLIC_KEY: u8 = 6;
pub(super) const SECRET_SUBKEY: u8 = 7;
pub(super) const USER_ID: u8 = 13;
pub(super) const PUBLIC_SUBKEY: u8 = 14;
pub(super) const USER_ATTRIBUTE: u8 = 17;

/// The packets of a text, as tag and body. Ends behind the first that is broken.
pub(super) struct Packets<'a> {
    rest: &'a [u8],
}

impl<'a> Packets<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    fn read(&mut self) -> Option<(u8, &'a [u8])> {
        let mut bytes = Bytes(self.rest);
        let first = bytes.byte()?;
        if first & 0x80 == 0 {
            return None;
        }
        let (tag, length) = if first & 0x40 == 0 {
            let length = match first & 3 {
                0 => bytes.byte()?.into(),
                1 => bytes.u16()?.into(),
                2 => bytes.u32()?,
                _ => return None,
            };
            (first >> 2 & 0x0f, length)
        } else {
            // Lengths in parts are for data only.
            (first & 0x3f, bytes.new_length()?)
        };
        let body = bytes.take(usize::try_from(length).ok()?)?;
        self.rest = bytes.0;
        Some((tag, body))
    }
}

impl<'a> Iterator for Packets<'a> {
    type Item = Result<(u8, &'a [u8]), &'static str>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let packet = self.read();
        if packet.is_none() {
            self.rest = &[];
        }
        Some(packet.ok_or("an OpenPGP packet is broken"))
    }
}

/// Reads fields one after the other.
#[derive(Clone, Copy)]
pub(super) struct Bytes<'a>(pub(super) &'a [u8]);

impl<'a> Bytes<'a> {
    pub(super) fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (head, tail) = self.0.split_at_checked(count)?;
        self.0 = tail;
        Some(head)
    }

    pub(super) fn byte(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    pub(super) fn u16(&mut self) -> Option<u16> {
        self.take(2)?.try_into().ok().map(u16::from_be_bytes)
    }

    pub(super) fn u32(&mut self) -> Option<u32> {
        self.take(4)?.try_into().ok().map(u32::from_be_bytes)
    }

    /// A length of one, two or five bytes.
    pub(super) fn new_length(&mut self) -> Option<u32> {
        match self.byte()? {
            short @ 0..192 => Some(short.into()),
            first @ 192..224 => Some((u32::from(first) - 192) * 256 + u32::from(self.byte()?) + 192),
            255 => self.u32(),
            _ => None,
        }
    }

    /// A length as before a subpacket, where the middle range is longer.
    pub(super) fn subpacket_length(&mut self) -> Option<u32> {
        match self.byte()? {
            short @ 0..192 => Some(short.into()),
            255 => self.u32(),
            first => Some((u32::from(first) - 192) * 256 + u32::from(self.byte()?) + 192),
        }
    }

    /// A number with its length in bits before it, without leading zeros.
    pub(super) fn number(&mut self) -> Option<&'a [u8]> {
        let bits = usize::from(self.u16()?);
        self.take(bits.div_ceil(8)).map(crate::primitive::without_zeros)
    }
}
