import FoundationEssentials
import RoostModel

/// `UseDotNet@2`: puts a .NET on PATH and sets `DOTNET_ROOT`.
struct UseDotNetTask: TaskHandler {
    static let reference = TaskReference(
        id: "b0ce7256-7898-45d3-9cb5-176b752bfea6",
        name: "UseDotNet",
        version: "2.273.0"
    )
    let title = "Use .NET"
    let runsOnMachine = true

    /// One version at one place.
    private struct Found {
        var version: ToolVersion
        var root: String
    }

    func run(_ work: StepWork) async throws -> TaskResult {
        let kind = try work.word("packageType", of: ["runtime", "sdk"], default: "sdk")
        let wanted = try wanted(work, kind)
        guard let range = VersionRange(wanted) else {
            throw TaskFailure.inputInvalid(
                "version",
                value: wanted,
                expected: "a version such as 8.x, 8.0.x or 8.0.100"
            )
        }
        let tools = "\(work.settings.folders.tools)/dotnet"
        let all = installed([work.input("installationPath").map(work.place) ?? tools, tools], kind, work)
        guard let best = all.filter({ range.contains($0.version) }).max(by: { $0.version < $1.version }) else {
            let name = kind == "sdk" ? ".NET SDK" : ".NET runtime"
            throw ToolFailure.noVersion(
                wanted,
                tool: name,
                found: Set(all.map(\.version)).sorted(),
                place: "\(tools)/\(kind == "sdk" ? "sdk" : "shared/Microsoft.NETCore.App")/VERSION",
                input: "version"
            )
        }
        work.output.writeLine(".NET \(kind) \(best.version) in \(best.root)")
        work.command("##vso[task.setvariable variable=DOTNET_ROOT]\(best.root)")
        let lookup = work.flag("performMultiLevelLookup") ? "1" : "0"
        work.command("##vso[task.setvariable variable=DOTNET_MULTILEVEL_LOOKUP]\(lookup)")
        if let home = work.environment["HOME"] { work.command("##vso[task.prependpath]\(home)/.dotnet/tools") }
        work.command("##vso[task.prependpath]\(best.root)")
        return .succeeded
    }

    private func installed(_ roots: [String], _ kind: String, _ work: StepWork) -> [Found] {
        var roots = roots
        if let dotnet = ExecutableSearch.find("dotnet", path: work.environment["PATH"]).flatMap(FileTree.resolved) {
            roots.append(dotnet.folderPart)
        }
        roots += ["/usr/share/dotnet", "/usr/lib/dotnet", "\(work.environment["HOME"] ?? "")/.dotnet"]
        let folder = kind == "sdk" ? "sdk" : "shared/Microsoft.NETCore.App"
        return roots.flatMap { root -> [Found] in
            guard ExecutableSearch.find("\(root)/dotnet", path: nil) != nil else { return [] }
            return FileTree.names(in: "\(root)/\(folder)").filter {
                work.flag("includePreviewVersions") || !$0.contains("-") || $0 == work.input("version")
            }
            .compactMap { ToolVersion($0).map { Found(version: $0, root: root) } }
        }
    }

    private func wanted(_ work: StepWork, _ kind: String) throws -> String {
        guard kind == "sdk", work.flag("useGlobalJson") else { return try work.required("version") }
        struct Settings: Decodable {
            struct SDK: Decodable {
                var version: String
            }
            var sdk: SDK
        }
        let folder = work.place(work.input("workingDirectory") ?? ".")
        let path = "\(folder)/global.json"
        guard let text = SmallFile.read(path) else { throw TaskFailure.fileMissing(path) }
        guard let settings = try? JSONDecoder().decode(Settings.self, from: Data(text.utf8)) else {
            throw TaskFailure.inputInvalid("useGlobalJson", value: path, expected: "a global.json with sdk.version")
        }
        return settings.sdk.version
    }
}
