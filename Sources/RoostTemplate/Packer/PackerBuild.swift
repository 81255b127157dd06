/// What a template builds: sources, and what is done on each machine that comes of them.
public struct PackerBuild: Sendable {
    public var name: String?
    public var description: String?
    public var sources: [PackerSourceUse] = []
    /// In the order in which they run.
    public var provisioners: [PackerStep] = []
    /// Runs once when provisioning failed.
    public var errorCleanup: PackerStep?
    /// Each begins with the machine's image; within a chain each gets what the one before it made.
    public var postProcessors: [[PackerStep]] = []
    public var range: HCLRange

    /// The name of one of its targets, as `-only` and `-except` know it.
    public func targetName(_ source: PackerSourceUse) -> String {
        (name.map { "\($0)." } ?? "") + "\(source.type).\(source.name)"
    }
}

/// A source as a build uses it.
public struct PackerSourceUse: Sendable {
    public var type: String
    /// As the template's `source` block is called.
    public var rootName: String
    /// As this build calls it, if it does.
    public var localName: String?
    /// What the build adds to the source.
    public var additions: HCLBody?
    public var range: HCLRange

    public var name: String { localName ?? rootName }
    /// As `only` and `except` of provisioners know it.
    public var reference: String { "\(type).\(name)" }
}

/// A provisioner or a post-processor.
public struct PackerStep: Sendable {
    public var type: String
    public var name: String?
    /// Before it begins.
    public var pauseBefore: Duration = .zero
    /// After which it is stopped; zero is never.
    public var timeout: Duration = .zero
    /// Tries after the first.
    public var retries = 0
    public var continuesOnError = false
    public var keepsInputArtifact: Bool?
    /// Sources it is for; empty is all.
    public var only: [String] = []
    public var except: [String] = []
    /// Settings for single sources, by their names.
    public var overrides: [String: HCLValue] = [:]
    public var overrideRange: HCLRange?
    /// Its own settings.
    public var body: HCLBody
    public var range: HCLRange

    /// Settings for a source, which come over its own.
    func override(for source: PackerSourceUse) -> HCLValue? { overrides[source.name] ?? overrides[source.reference] }

    /// Whether it is done for a source.
    public func applies(to source: PackerSourceUse) -> Bool {
        let names = [source.reference, source.name]
        if !only.isEmpty { return only.contains(where: names.contains) }
        return !except.contains(where: names.contains)
    }
}
