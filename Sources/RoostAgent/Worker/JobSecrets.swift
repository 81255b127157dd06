import RoostModel

/// All that a job's message holds and no log may show.
enum JobSecrets {
    /// Names, for messages, and values.
    static func list(_ order: JobOrder) -> [(name: String, value: String)] {
        var secrets = order.variables.filter(\.value.isSecret).map { (name: $0.key, value: $0.value.value) }
        secrets += order.secureFiles.map { (name: "ticket of '\($0.name)'", value: $0.ticket) }
        secrets += order.masks.map { (name: "mask of the server", value: $0) }
        for endpoint in order.endpoints {
            for (key, value) in endpoint.parameters where !publicKeys.contains(key.lowercased()) {
                secrets.append((name: "\(key) of '\(endpoint.name)'", value: value))
            }
        }
        // One order for every run, so that warnings come in the same order.
        return secrets.sorted { $0.name < $1.name }
    }

    /// Parameters that name somebody or something and open nothing.
    private static let publicKeys: Set<String> = [
        "serviceprincipalid", "tenantid", "subscriptionid", "username", "scope", "audience", "authenticationtype",
        "accessTokenType".lowercased(), "role", "nugetsourceurl", "registry", "loginserver", "email",
        "workloadidentityfederationissuer", "workloadidentityfederationsubject",
    ]
}
