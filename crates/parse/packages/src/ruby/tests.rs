use crate::Format::{Gemfile, GemfileLock};
use crate::support::check::check;

#[test]
fn lock_file() {
    let sum = "0".repeat(64);
    check(
        GemfileLock,
        &format!(
            r"GIT
  remote: https://user:pass@host.example/g.git
  revision: 0123456789abcdef0123456789abcdef01234567
  branch: main
  specs:
    g (0.1.0)
      rack (>= 1)

PATH
  remote: engines/e
  specs:
    e (0.2.0)
      g

PLUGIN SOURCE
  remote: https://host.example/plugin
  type: x
  specs:
    pl (1.0.0)

GEM
  remote: https://registry.example/
  specs:
    nokogiri (1.15.0)
      mini_portile2 (~> 2.8.2)
      racc (~> 1.4)
    nokogiri (1.15.0-x86_64-linux)
      racc (~> 1.4)
    mini_portile2 (2.8.2)
    racc (1.7.0)
    racc (1.7.0-java)
    rack (3.0.0.beta1)

PLATFORMS
  ruby
  x86_64-linux

DEPENDENCIES
  e!
  g!
  nokogiri (~> 1.15)
  absent

CHECKSUMS
  nokogiri (1.15.0) sha256={sum}
  nokogiri (1.15.0-x86_64-linux) sha256={sum},sha512=x
  rack (3.0.0.beta1)

RUBY VERSION
   ruby 3.2.0p0

BUNDLED WITH
   2.4.0
"
        ),
        "
        g@0.1.0 6-7 direct git:https://host.example/g.git#0123456789abcdef0123456789abcdef01234567 > rack@3.0.0.beta1
        e@0.2.0 12-13 direct local:engines/e > g@0.1.0
        pl@1.0.0 19 transitive archive:https://host.example/plugin
        nokogiri@1.15.0 24-28 direct sha256:00000 sha256:00000 > mini_portile2@2.8.2, racc@1.7.0
        mini_portile2@2.8.2 29 transitive
        racc@1.7.0 30 transitive
        rack@3.0.0.beta1 32 transitive
        ",
    );
}

#[test]
fn broken_lock_files() {
    check(
        GemfileLock,
        "GEM\n  specs:\n    a (1.0.0)\n      b (= 1)\n    b 2\n    c (1\nnonsense here\n    d (1.0.0)\n",
        "
        a@1.0.0 3-4
        c@1 6
        ! 5: this line, and perhaps others, is not what Bundler writes; gems may be missing, run `bundle lock`
        ! has no DEPENDENCIES, so that direct and transitive gems cannot be told apart; run `bundle lock`
        ",
    );
    let text = [
        "GEM\n  specs:",
        concat!("<<<<", "<<< HEAD"),
        "    a (1.0.0)",
        concat!("====", "==="),
        "    a (2.0.0)",
        concat!(">>>>", ">>> other\n"),
        "DEPENDENCIES\n  a\n",
    ];
    check(
        GemfileLock,
        &text.join("\n"),
        "
        a@1.0.0 4 direct
        a@2.0.0 6 direct
        ! 3: an unresolved merge conflict; the packages of both sides are listed, resolve it
        ",
    );
}

#[test]
fn gemfile() {
    check(
        Gemfile,
        r##"source "https://registry.example"
ruby "3.2.0"
gemspec
gem "a"
gem 'b', '~> 1.0', ">= 1.0.2" # why
gem "c", "1.2.3", require: false
gem("d", "= 2.0")
gem "e", group: :test
gem "f", :group => [:development, :test]
gem "g", git: "https://user:pass@host.example/g.git",
         ref: "0123456789"
gem "h", github: "owner/h"
gem "i", path: "engines/i"
gem "j", "~> 1", platforms: [:mri, :windows]
group :development, :test do
  gem "k"
  if ENV["X"]
    gem "l"
  end
  platforms :jruby do
    gem "m"
  end
end
group :extra, optional: true do
  gem "n"
end
path "engines" do
  gem "o"
end
git "https://host.example/p.git" do
  gem "p", group: [:default, :test]
end
gem "q#{1}"
gem name
eval_gemfile "other/Gemfile"
eval_gemfile File.join("x")
gem "r" if RUBY_VERSION > "3"
gem "s", "> 1" unless ENV["Y"]
"##,
        "
        a 4 direct
        b 5 direct wants ~> 1.0, >= 1.0.2
        c@1.2.3 6 direct
        d@2.0 7 direct
        e 8 direct dev
        f 9 direct dev
        g 10-11 direct git:https://host.example/g.git#0123456789
        h 12 direct git:https://github.com/owner/h.git#
        i 13 direct local:engines/i
        j 14 direct wants ~> 1
        k 16 direct dev
        l 18 direct dev
        m 21 direct dev
        n 25 direct optional
        o 28 direct local:engines
        p 31 direct git:https://host.example/p.git#
        r 37 direct
        s 38 direct wants > 1
        + other/Gemfile
        + x
        ! 33: a gem whose name only running the Gemfile could tell; list it by a Gemfile.lock
        ! 34: a gem whose name only running the Gemfile could tell; list it by a Gemfile.lock
        ",
    );
}

#[test]
fn hostile_gemfiles() {
    let nested = "group :test do\n".repeat(10_000) + "gem 'a'\n";
    let listing = crate::parse(Gemfile, nested.as_bytes());
    assert_eq!(listing.packages.len(), 1);
    let endless = "gem 'a',\n".repeat(10_000);
    assert!(crate::parse(Gemfile, endless.as_bytes()).packages.len() > 100);
    assert!(crate::parse(Gemfile, &[0xFF; 10_000]).packages.is_empty());
}
