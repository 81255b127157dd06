extension ImageSettings {
    private static let wordsOfSecrets = [
        "password", "secret", "token", "private_key", "secret_key", "passphrase", "api_key",
    ]

    /// These settings with those marked as secret whose names say so; for components whose options are not known.
    var hidingLikelySecrets: ImageSettings {
        var result = self
        for place in result.entries.indices {
            let name = result.entries[place].name.lowercased()
            let isSecret = Self.wordsOfSecrets.contains { name == $0 || name.hasSuffix("_\($0)") }
            result.entries[place].value = result.entries[place].value.hidingLikelySecrets(isSecret)
        }
        return result
    }
}

extension SettingValue {
    fileprivate func hidingLikelySecrets(_ isSecret: Bool) -> SettingValue {
        var result = self
        if isSecret { result.isSensitive = true }
        switch form {
        case .object(let settings): result.form = .object(settings.hidingLikelySecrets)
        case .list(let elements): result.form = .list(elements.map { $0.hidingLikelySecrets(false) })
        default: break
        }
        return result
    }
}
