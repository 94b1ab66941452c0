use andon_sandbox::seal::{self, *};
use std::io::Read;
fn main() {
    seal::main_if_asked();
    if std::env::args().nth(1).as_deref() == Some("probe") {
        println!("{:#?}", seal::probe());
        return;
    }
    let a: Vec<String> = std::env::args().skip(1).collect();
    let mut s = Seal::new(std::env::current_dir().unwrap());
    s.wanted = match a[0].as_str() {
        "full" => Level::Full,
        "restricted" => Level::Restricted,
        _ => Level::None,
    };
    s.least = s.wanted;
    if std::path::Path::new("out").exists() {
        s.outputs.push(Output::folder("out"));
    }
    s.secrets.push(SecretFile { name: "tok".into(), bytes: b"xyz".to_vec() });
    let t = std::time::Instant::now();
    let mut c = seal::spawn(&s, a[1].as_ref(), &a[2..].iter().map(Into::into).collect::<Vec<_>>())
        .unwrap_or_else(|e| {
            println!("{e}");
            std::process::exit(3)
        });
    eprintln!("spawned {:?} {:?}", t.elapsed(), c.remarks);
    let mut e = String::new();
    let mut err = c.stderr.take().unwrap();
    let h = std::thread::spawn(move || {
        let mut e = String::new();
        let _ = err.read_to_string(&mut e);
        e
    });
    c.stdout.take().unwrap().read_to_string(&mut e).unwrap();
    print!("{e}");
    eprint!("{}", h.join().unwrap());
    eprintln!("{:?} {:?}", c.wait(), t.elapsed());
}
