/// How an agent's private key is kept on its machine: the values of `--keyprotection`.
enum KeyProtection: String, Hashable, Sendable, CaseIterable {
    /// By systemd where it runs the machine and can, else by the file's mode.
    case auto
    /// Sealed with a key of the machine, that of its TPM where there is one.
    case systemd
    /// In the kernel's keyring and in no file; gone when the machine restarts.
    case keyring
    /// Readable for the agent's user, by the file's mode alone.
    case file
}

/// Where a key went.
enum KeyPlace: Hashable, Sendable {
    case sealed(hasTPM: Bool)
    case keyring
    /// With the reason why not better, unless that was the wish.
    case file(because: String?)

    /// What the person who configures is told.
    var sentence: String {
        switch self {
        case .sealed(let hasTPM):
            "The agent's private key is sealed with this machine's \(hasTPM ? "TPM and key" : "key") (systemd-creds)."
        case .keyring:
            "The agent's private key is in the kernel's keyring alone; after a restart of this machine run './config.sh reauth'."
        case .file(nil): "The agent's private key is protected by the mode of its file alone."
        case .file(let reason?): "The agent's private key is protected by the mode of its file alone: \(reason)."
        }
    }
}
