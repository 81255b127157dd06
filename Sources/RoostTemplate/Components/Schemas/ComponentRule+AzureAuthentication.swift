import RoostLanguage

extension ComponentRule {
    /// One way to log in to Azure, with what it needs; none at all is the identity of the machine.
    static let azureAuthentication = ComponentRule(
        "One way to log in: `use_azure_cli_auth`; or `subscription_id` and `client_id` with one of `client_secret`, `client_cert_path`, `client_jwt` and `oidc_request_token`. With none, the managed identity of the machine that builds is used, which is told as a warning."
    ) { settings, component in
        guard settings.given(["use_azure_cli_auth", "use_interactive_auth"]).isEmpty else { return [] }
        let ways = ["client_secret", "client_cert_path", "client_jwt", "oidc_request_token"]
        let given = settings.given(ways)
        if given.isEmpty {
            let isUnderWay = !settings.given(["tenant_id", "oidc_request_url"]).isEmpty
            return [isUnderWay ? noWay(ways, settings, component) : machineIdentity(ways, settings, component)]
        }
        if given.count > 1 { return [manyWays(given, settings, component)] }
        return ["subscription_id", "client_id"].filter { !settings.isGiven($0) }.map { name in
            settings.problem(
                "missing-option",
                "\(component) needs \"\(name)\", as it logs in with \"\(given[0])\"",
                about: given[0],
                in: component
            )
        }
    }

    private static let noValidSet = "No valid set of authentication values specified"

    private static func noWay(_ ways: [String], _ settings: ImageSettings, _ component: ComponentName) -> Diagnostic {
        settings.problem(
            "azure-authentication",
            "\(noValidSet) for \(component): none of \(ways.alternatives) is given",
            about: settings.given(["tenant_id", "oidc_request_url"]).first,
            in: component,
            advice: "Give one of them, or leave out \"tenant_id\" to use the managed identity of this machine."
        )
    }

    private static func manyWays(_ given: [String], _ settings: ImageSettings, _ component: ComponentName) -> Diagnostic
    {
        settings.problem(
            "azure-authentication",
            "\(noValidSet) for \(component): \(given.enumeration) exclude each other",
            about: given[1],
            in: component,
            advice: "Leave out all but one of \(given.enumeration)."
        )
    }

    /// A secret that was forgotten would go unnoticed until the machine's identity is asked for, minutes later.
    private static func machineIdentity(
        _ ways: [String],
        _ settings: ImageSettings,
        _ component: ComponentName
    ) -> Diagnostic {
        settings.problem(
            "azure-authentication",
            "\(component) has no authentication, so the managed identity of the machine that builds is used",
            in: component,
            advice:
                "Elsewhere than on a machine of Azure this fails. Give \"subscription_id\", \"client_id\" and one of \(ways.alternatives) (a variable that is empty gives nothing), or use_azure_cli_auth = true."
        ).asWarning
    }
}
