use proptest::prelude::*;

use crate::Purl;

fn kinds() -> impl Strategy<Value = String> {
    let known = [
        "npm",
        "pypi",
        "git",
        "pub",
        "maven",
        "mlflow",
        "oci",
        "deb",
        "github",
        "GOLANG",
        "vscode-extension",
    ];
    prop_oneof![proptest::sample::select(known.to_vec()).prop_map(str::to_owned), ".{0,8}"]
}

fn texts() -> impl Strategy<Value = String> {
    prop_oneof!["[a-zA-Z0-9/@#?&=%:. _+-]{0,12}", ".{0,6}"]
}

proptest! {
    #[test]
    fn parse_reads_what_display_writes(
        kind in kinds(), namespace in texts(), name in texts(), version in texts(), key in texts(), value in texts(),
        subpath in texts(),
    ) {
        let purl = Purl::new(&kind, &name)
            .with_namespace(&namespace)
            .with_version(&version)
            .with_qualifier(&key, &value)
            .with_qualifier("repository_url", &value)
            .with_subpath(&subpath);
        prop_assert_eq!(Purl::parse(&purl.to_string()), Ok(purl));
    }

    #[test]
    fn parsing_is_idempotent(text in "pkg:[a-z]{1,4}/[a-zA-Z0-9/@#?&=%:. _+-]{0,24}") {
        if let Ok(purl) = Purl::parse(&text) {
            prop_assert_eq!(Purl::parse(&purl.to_string()), Ok(purl));
        }
    }

    #[test]
    fn native_names_come_back(kind in "npm|maven|golang|github|git|composer|cargo", full in "[@a-z0-9]{1,4}([/:.][a-z0-9]{1,4}){0,3}") {
        let purl = Purl::of_native(&kind, &full);
        let again = Purl::of_native(&kind, &purl.native_name());
        prop_assert_eq!(again, purl.without_qualifiers());
    }
}
