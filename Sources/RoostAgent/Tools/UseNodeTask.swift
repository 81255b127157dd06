import FoundationEssentials
import RoostModel

/// `NodeTool@0` and `UseNode@1`: puts a Node.js on PATH for the steps that follow.
struct UseNodeTask: TaskHandler {
    static let reference = TaskReference(
        id: "31c75bbb-bcdf-4706-8d7c-4da6a1959bc2",
        name: "NodeTool",
        version: "0.224.0"
    )
    /// The vendor gave both tasks one id.
    static let newer = TaskReference(id: reference.id, name: "UseNode", version: "1.220.0")
    let title = "Use Node.js"
    let runsOnMachine = true

    func run(_ work: StepWork) async throws -> TaskResult {
        let search = ToolSearch(
            title: "Node.js",
            cacheName: "node",
            program: "node",
            question: ["--version"],
            prefix: "v",
            folders: ["~/.nvm/versions/node/*/bin", "/usr/local/n/versions/node/*/bin"],
            input: work.input("version") == nil ? "versionSpec" : "version"
        )
        let wanted = try wanted(work)
        let architecture = work.flag("force32bit") ? "x86" : ToolCache.architecture
        let found = try await search.best(wanted, architecture: architecture, work)
        work.output.writeLine("Node.js \(found.version) in \(found.binaries)")
        work.prepend(found, program: "node")
        return .succeeded
    }

    private func wanted(_ work: StepWork) throws -> String {
        let source = try work.word("versionSource", of: ["spec", "fromFile"], default: "spec")
        guard source == "fromfile" else {
            let isNewer = work.step.task.name.lowercased() == "usenode"
            return work.input("version", "versionSpec") ?? (isNewer ? "10.x" : "6.x")
        }
        let path = work.place(try work.required("versionFilePath"))
        guard let text = SmallFile.read(path) else { throw TaskFailure.fileMissing(path) }
        if path.hasSuffix(".json") { return try engine(text, path) }
        let words = text.trimmingWhitespace.split(whereSeparator: \.isWhitespace)
        // `.tool-versions` names the tool in front of its version.
        if words.count > 1, let place = words.firstIndex(where: { $0 == "nodejs" || $0 == "node" }),
            place + 1 < words.count
        {
            return String(words[place + 1])
        }
        return words.first.map(String.init) ?? ""
    }

    /// `engines.node` of a package.json.
    private func engine(_ text: String, _ path: String) throws(TaskFailure) -> String {
        struct Package: Decodable {
            var engines: [String: String]?
        }
        guard let package = try? JSONDecoder().decode(Package.self, from: Data(text.utf8)),
            let node = package.engines?["node"]
        else { throw .inputInvalid("versionFilePath", value: path, expected: "a file that says a version of Node.js") }
        return node
    }
}
