import RoostModel

/// `GoTool@0`: puts a Go on PATH and sets `GOROOT`, and `GOPATH` and `GOBIN` when they are given.
struct GoToolTask: TaskHandler {
    static let reference = TaskReference(id: "334727f4-9495-4f9d-a391-fc621d671474", name: "GoTool", version: "0.228.0")
    let title = "Use Go"
    let runsOnMachine = true

    func run(_ work: StepWork) async throws -> TaskResult {
        let search = ToolSearch(
            title: "Go",
            cacheName: "go",
            program: "go",
            question: ["version"],
            prefix: "go",
            folders: ["/usr/local/go/bin", "/usr/lib/go-*/bin", "~/sdk/*/bin", "~/go/bin"],
            input: "version"
        )
        let wanted = work.input("version") ?? "1.19"
        let found = try await search.best(wanted, architecture: ToolCache.architecture, work)
        let root = try await goRoot(found, work)
        work.output.writeLine("Go \(found.version) in \(root)")
        work.command("##vso[task.setvariable variable=GOROOT]\(root)")
        for (input, variable) in [("goPath", "GOPATH"), ("goBin", "GOBIN")] {
            if let value = work.input(input) { work.command("##vso[task.setvariable variable=\(variable)]\(value)") }
        }
        work.prepend(found, program: "go")
        return .succeeded
    }

    private func goRoot(_ found: ToolSearch.Found, _ work: StepWork) async throws -> String {
        if found.isCached { return found.binaries.folderPart }
        return try await work.answer(of: "\(found.binaries)/go", ["env", "GOROOT"]) ?? found.binaries.folderPart
    }
}
