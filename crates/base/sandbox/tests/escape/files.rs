use std::fs::{self, OpenOptions, Permissions};
use std::io::Write;
use std::os::fd::AsRawFd;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use crate::attempt::Who::{Anyone, Perhaps, Root};
use crate::attempt::{Attempt, Facts, Outcome, attempt, c_path, call, expect, worked};
use crate::stage::SECRET;

pub(crate) const ATTEMPTS: &[Attempt] = &[
    attempt("read-absolute", Anyone, |facts| expect(fs::read(facts.outside("secret")), SECRET)),
    attempt("read-above", Anyone, |_| expect(fs::read("../outside/secret"), SECRET)),
    attempt("read-link-in-workspace", Anyone, |_| expect(fs::read("link"), SECRET)),
    attempt("read-link-in-output", Anyone, |_| expect(fs::read("out/link"), SECRET)),
    attempt("read-folder-link", Anyone, |_| expect(fs::read("folder-link/secret"), SECRET)),
    attempt("list-outside", Anyone, |facts| worked(fs::read_dir(facts.outside("")))),
    attempt("read-self-root", Anyone, |facts| read_below("/proc/self/root", facts)),
    attempt("read-self-cwd", Anyone, |_| expect(fs::read("/proc/self/cwd/../outside/secret"), SECRET)),
    attempt("read-first-root", Perhaps, |facts| read_below("/proc/1/root", facts)),
    attempt("read-victim-root", Anyone, |facts| {
        read_below(&format!("/proc/{}/root", facts.text("victim")), facts)
    }),
    attempt("read-parent-root", Anyone, |facts| {
        read_below(&format!("/proc/{}/root", std::os::unix::process::parent_id()), facts)
    }),
    attempt("read-shadow", Root, |_| expect(fs::read("/etc/shadow"), "root:")),
    attempt("write-absolute", Anyone, |facts| worked(fs::write(facts.outside("new"), "x"))),
    attempt("append-absolute", Anyone, |facts| append(&facts.outside("secret"))),
    attempt("write-planted-link", Anyone, |facts| {
        symlink(facts.outside(""), "out/planted").map_err(|error| error.to_string())?;
        worked(fs::write("out/planted/new", "x"))
    }),
    attempt("write-workspace", Anyone, |_| append(Path::new("source.txt"))),
    attempt("write-git", Anyone, |_| append(Path::new(".git/config"))),
    attempt("write-git-upper", Perhaps, |_| append(Path::new(".GIT/config"))),
    attempt("create-in-workspace", Anyone, |_| worked(fs::write("new.txt", "x"))),
    attempt("make-folder-in-workspace", Anyone, |_| worked(fs::create_dir("new-folder"))),
    attempt("delete-in-workspace", Anyone, |_| worked(fs::remove_file("doomed.txt"))),
    attempt("move-output", Anyone, |_| {
        worked(fs::rename("out", "moved")).inspect(|()| fs::rename("moved", "out").unwrap())
    }),
    attempt("replace-workspace", Anyone, |facts| {
        let (workspace, away) = (facts.workspace(), facts.outside("../away"));
        worked(fs::rename(workspace, &away)).inspect(|()| fs::rename(&away, workspace).unwrap())
    }),
    attempt("hard-link-outside", Anyone, |facts| {
        worked(fs::hard_link(facts.outside("secret"), "out/hard"))
            .and_then(|()| append(Path::new("out/hard")))
    }),
    attempt("hard-link-source", Anyone, |_| {
        worked(fs::hard_link("source.txt", "out/hard-source"))
            .and_then(|()| append(Path::new("out/hard-source")))
    }),
    attempt("truncate-workspace", Anyone, |_| {
        let path = c_path("source.txt");
        worked(call(unsafe { libc::truncate(path.as_ptr(), 1) }.into()))
    }),
    attempt("chmod-workspace", Anyone, |_| chmod(Path::new("source.txt"))),
    attempt("chmod-outside", Anyone, |facts| chmod(&facts.outside("secret"))),
    attempt("chmod-open-file", Anyone, |_| {
        let file = fs::File::open("source.txt").map_err(|error| error.to_string())?;
        worked(file.set_permissions(Permissions::from_mode(0o777)))
    }),
    attempt("chmod-link", Anyone, |facts| {
        let _ = symlink(facts.outside("secret"), "out/to-chmod");
        chmod(Path::new("out/to-chmod"))
    }),
    attempt("chmod-device", Root, |_| chmod(Path::new("/dev/full"))),
    attempt("change-times", Anyone, |facts| {
        let path = c_path(facts.outside("secret"));
        worked(call(unsafe { libc::utimensat(libc::AT_FDCWD, path.as_ptr(), std::ptr::null(), 0) }.into()))
    }),
    attempt("change-times-open-file", Anyone, |_| {
        let file = fs::File::open("source.txt").map_err(|error| error.to_string())?;
        worked(file.set_modified(std::time::UNIX_EPOCH))
    }),
    attempt("set-attribute", Anyone, |_| {
        let (path, name) = (c_path("source.txt"), c"user.escape");
        let value = b"x";
        let outcome =
            unsafe { libc::setxattr(path.as_ptr(), name.as_ptr(), value.as_ptr().cast(), value.len(), 0) };
        worked(call(outcome.into()))
    }),
    attempt("set-attribute-at", Perhaps, |_| {
        let (path, name) = (c_path("source.txt"), c"user.escape2");
        let arguments: [u64; 2] = [b"x".as_ptr() as u64, 1];
        let outcome = unsafe {
            libc::syscall(463, libc::AT_FDCWD, path.as_ptr(), 0, name.as_ptr(), arguments.as_ptr(), 16)
        };
        worked(call(outcome))
    }),
    attempt("set-flags", Anyone, |_| set_flags(Path::new("source.txt"))),
    attempt("change-group", Anyone, |_| {
        let path = c_path("source.txt");
        worked(call(unsafe { libc::chown(path.as_ptr(), u32::MAX, libc::getegid()) }.into()))
    }),
    attempt("make-set-user-id", Anyone, |_| {
        worked(
            fs::write("out/rights", "")
                .and_then(|()| fs::set_permissions("out/rights", Permissions::from_mode(0o4755))),
        )
    }),
    attempt("create-set-user-id", Anyone, |_| {
        let path = c_path("out/created");
        worked(call(unsafe { libc::open(path.as_ptr(), libc::O_CREAT | libc::O_WRONLY, 0o4755) }.into()))
    }),
    attempt("node-set-user-id", Anyone, |_| {
        let path = c_path("out/node");
        worked(call(unsafe { libc::mknod(path.as_ptr(), libc::S_IFREG | 0o4755, 0) }.into()))
    }),
    attempt("chmod-by-self", Anyone, |_| {
        let file = fs::File::open("source.txt").map_err(|error| error.to_string())?;
        chmod(Path::new(&format!("/proc/self/fd/{}", file.as_raw_fd())))
    }),
    attempt("chmod-beside", Anyone, |_| chmod(Path::new("out/../source.txt"))),
    attempt("make-device", Root, |_| {
        let path = c_path("out/device");
        worked(call(unsafe { libc::mknod(path.as_ptr(), libc::S_IFCHR | 0o666, libc::makedev(1, 1)) }.into()))
    }),
    attempt("open-disk", Perhaps, |_| open_any_device(libc::S_IFBLK)),
    attempt("open-kernel-log", Root, |_| worked(fs::File::open("/dev/kmsg"))),
    attempt("chroot", Root, |_| {
        let path = c_path("/");
        worked(call(unsafe { libc::chroot(path.as_ptr()) }.into()))
    }),
    attempt("write-sysctl", Root, |_| open_for_writing("/proc/sys/kernel/core_pattern")),
    attempt("write-sysrq", Perhaps, |_| open_for_writing("/proc/sysrq-trigger")),
    attempt("write-sys", Root, |_| open_for_writing("/sys/kernel/mm/transparent_hugepage/enabled")),
    attempt("read-sys", Anyone, |_| worked(fs::read_dir("/sys/class/net"))),
    attempt("read-shared-memory", Anyone, |facts| expect(fs::read(facts.text("shared")), SECRET)),
    attempt("write-shared-memory", Anyone, |facts| append(Path::new(facts.text("shared")))),
    attempt("write-host-temporary", Anyone, |facts| {
        worked(fs::write(facts.text("host-temporary"), "x")).and_then(|()| {
            // Where the temporary folder is private, writing to it is nothing to worry about.
            if fs::metadata(facts.text("marker")).is_ok() {
                Ok(())
            } else {
                Err("a private folder".to_owned())
            }
        })
    }),
    attempt("read-other-step's-secret", Anyone, read_other_secret),
    attempt("write-mapped-file", Perhaps, write_mapped),
];

fn read_below(root: &str, facts: &Facts) -> Outcome {
    expect(fs::read(format!("{root}{}", facts.outside("secret").display())), SECRET)
}

fn append(path: &Path) -> Outcome {
    let file = OpenOptions::new().append(true).open(path);
    worked(file.and_then(|mut file| file.write_all(b"x")))
}

fn open_for_writing(path: &str) -> Outcome {
    worked(OpenOptions::new().write(true).open(path))
}

fn chmod(path: &Path) -> Outcome {
    let before = fs::metadata(path).map(|metadata| metadata.mode());
    worked(fs::set_permissions(path, Permissions::from_mode(0o777)))
        .inspect(|()| fs::set_permissions(path, Permissions::from_mode(before.unwrap())).unwrap())
}

fn set_flags(path: &Path) -> Outcome {
    const SET_FLAGS: libc::c_ulong = 0x4008_6602;
    let file = fs::File::open(path).map_err(|error| error.to_string())?;
    let no_dump: libc::c_int = 0x40;
    worked(call(unsafe { libc::ioctl(file.as_raw_fd(), SET_FLAGS, &raw const no_dump) }.into()))
}

fn open_any_device(kind: u32) -> Outcome {
    let devices = fs::read_dir("/dev").map_err(|error| error.to_string())?;
    let devices = devices
        .flatten()
        .filter(|entry| entry.metadata().is_ok_and(|data| data.mode() & libc::S_IFMT == kind));
    let mut outcome = Err("no such device is shown".to_owned());
    for device in devices {
        outcome = outcome.or_else(|_| worked(fs::File::open(device.path())));
    }
    outcome
}

/// Looks wherever the secrets of a step that runs at the same time might be.
fn read_other_secret(_: &Facts) -> Outcome {
    let mut places =
        vec![PathBuf::from("/tmp"), PathBuf::from("/run"), "/dev/shm".into(), std::env::temp_dir()];
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    let processes = processes.filter(|entry| entry.file_name().to_string_lossy().parse::<u32>().is_ok());
    let roots: Vec<PathBuf> = processes.map(|entry| entry.path().join("root")).collect();
    places.extend(
        roots.iter().flat_map(|root| [root.join("run/secrets"), root.join("tmp"), root.join("dev/shm")]),
    );
    for place in places {
        for folder in [place.clone()]
            .into_iter()
            .chain(fs::read_dir(&place).into_iter().flatten().flatten().map(|entry| entry.path()))
        {
            for file in [folder.join("other-token"), folder.join("secrets/other-token")] {
                if fs::read(file).is_ok_and(|bytes| bytes == SECRET.as_bytes()) {
                    return Ok(());
                }
            }
        }
    }
    Err("not found".to_owned())
}

/// Writes to a file through a mapping for reading, by way of /proc/self/mem.
fn write_mapped(_: &Facts) -> Outcome {
    let file = fs::File::open("source.txt").map_err(|error| error.to_string())?;
    let mapped = unsafe {
        libc::mmap(std::ptr::null_mut(), 4096, libc::PROT_READ, libc::MAP_SHARED, file.as_raw_fd(), 0)
    };
    if mapped == libc::MAP_FAILED {
        return Err(std::io::Error::last_os_error().to_string());
    }
    let memory = OpenOptions::new().write(true).open("/proc/self/mem").map_err(|error| error.to_string())?;
    worked(std::os::unix::fs::FileExt::write_all_at(&memory, b"X", mapped as u64))?;
    expect(fs::read("source.txt"), "X")
}
