import RoostModel

/// `Npm@1`: runs npm with the registries of the project's `.npmrc`.
struct NpmTask: TaskHandler {
    static let reference = TaskReference(id: "fe47e961-9fa8-4106-8639-368c022d43ad", name: "Npm", version: "1.0.27")
    let title = "npm"

    func run(_ work: StepWork) async throws -> TaskResult {
        let command = try work.word("command", of: ["ci", "install", "publish", "custom"], default: "install")
        try checkRegistries(command, work)
        let npm = try work.program("npm", package: "npm")
        let folder = work.place(work.input("workingDir") ?? ".")
        var arguments = command == "custom" ? ArgumentLine.words(try work.required("customCommand")) : [command]
        if command != "custom", work.flag("verbose") { arguments += ["--loglevel", "verbose"] }
        return try await work.carryOut(npm, arguments, in: folder)
    }

    /// Feeds and service connections hold credentials that nobody here has.
    private func checkRegistries(_ command: String, _ work: StepWork) throws(RegistryFailure) {
        let inputs =
            command == "publish" ? ["publishRegistry", "publishEndpoint"] : ["customRegistry", "customEndpoint"]
        if work.input(inputs[0])?.lowercased() == "usefeed" { throw .feed(input: inputs[0]) }
        if let name = work.input(inputs[1]) { throw .connection(name, input: inputs[1]) }
    }
}

/// A registry of packages that cannot be reached as a step asks for.
enum RegistryFailure: UserFacingError, Hashable {
    case feed(input: String)
    case connection(String, input: String)

    var code: String { "task.registry" }
    var summary: String {
        switch self {
        case .feed(let input): "The input '\(input)' asks for a feed of Azure Artifacts; there are none here."
        case .connection(let name, let input):
            "The input '\(input)' names the service connection '\(name)'; connections to registries of packages are not supported."
        }
    }
    var location: String? { nil }
    var advice: String? {
        "Name the registry in the project's .npmrc, with '//HOST/:_authToken=${NPM_TOKEN}', and give the token to the step with 'env: NPM_TOKEN: $(secret)'."
    }
}
