import RoostContent
import RoostModel
import RoostWire

/// `download`, `DownloadPipelineArtifact@2`: fetches artifacts of this or another run.
struct DownloadPipelineArtifactTask: TaskHandler {
    static let reference = TaskReference(
        id: "61f2a582-95ae-4948-b34d-a1b3c4f6a737",
        name: "DownloadPipelineArtifact",
        version: "2.0.0"
    )
    let title = "Download Pipeline Artifacts"
    let runsOnMachine = true

    func run(_ work: StepWork) async throws -> TaskResult {
        let fetcher = try ArtifactFetcher(work, task: title)
        let source = try await ArtifactSource(work, fetcher.host)
        let base = work.variables["System.DefaultWorkingDirectory"] ?? work.folders.sources
        let target = work.input("targetPath") ?? work.input("path") ?? work.input("downloadPath") ?? work.folders.build
        let name = work.input("artifactName") ?? work.input("artifact")
        let patterns = PatternList(work.input("itemPattern") ?? work.input("patterns") ?? "")
        let wish = ArtifactFetcher.Wish(
            run: source.run,
            name: name,
            patterns: patterns,
            patternsHaveNames: name == nil,
            target: work.absolute(target, below: base).withoutSlashAtEnd
        )
        try await fetcher.fetch(wish)
        source.tell(work)
        return .succeeded
    }
}

/// `DownloadBuildArtifacts`, in both majors: the older form.
struct DownloadBuildArtifactsTask: TaskHandler {
    static let reference = TaskReference(
        id: "a433f589-fce1-4460-9ee6-44a624aeb1fb",
        name: "DownloadBuildArtifacts",
        version: "1.0.0"
    )
    let title = "Download build artifacts"
    let runsOnMachine = true

    func run(_ work: StepWork) async throws -> TaskResult {
        let fetcher = try ArtifactFetcher(work, task: title)
        let source = try await ArtifactSource(work, fetcher.host)
        let base = work.variables["System.DefaultWorkingDirectory"] ?? work.folders.sources
        let path = work.input("downloadPath") ?? work.input("path") ?? work.folders.artifacts
        let target = work.absolute(path, below: base).withoutSlashAtEnd
        if work.flag("cleanDestinationFolder") { FileTree.empty(target) }
        let isSingle = (work.input("downloadType") ?? "single").lowercased() == "single"
        let name = work.input("artifactName") ?? work.input("artifact")
        if isSingle, name == nil { throw TaskFailure.inputMissing("artifactName") }
        let wish = ArtifactFetcher.Wish(
            run: source.run,
            name: isSingle ? name : nil,
            patterns: PatternList(work.input("itemPattern") ?? work.input("patterns") ?? ""),
            patternsHaveNames: true,
            target: target,
            makesFolder: true
        )
        try await fetcher.fetch(wish)
        source.tell(work)
        return work.flag("extractTars") ? try await extract(target, isSingle ? name : nil, work) : .succeeded
    }

    /// Unpacks what `StoreAsTar` packed, and removes the archives.
    private func extract(_ target: String, _ name: String?, _ work: StepWork) async throws -> TaskResult {
        let tar = try ExecutableSearch.require("tar", path: work.environment["PATH"])
        for folder in name.map({ [$0] }) ?? FileTree.names(in: target) {
            for archive in FileTree.names(in: "\(target)/\(folder)") where archive.hasSuffix(".tar") {
                let path = "\(target)/\(folder)/\(archive)"
                let launch = ProcessLaunch(
                    executable: tar,
                    arguments: ["-xf", path, "-C", "\(target)/\(folder)"],
                    environment: work.environment,
                    workingDirectory: target
                )
                let result = work.judge(try await work.execute(launch), program: "tar")
                guard result == .succeeded else { return result }
                FileTree.delete(path)
            }
        }
        return .succeeded
    }
}

/// The run whose artifacts a download step asks for.
struct ArtifactSource: Sendable {
    let run: Int
    /// Nil for the own run.
    let number: String?

    /// Reads the inputs that all download tasks share, and asks the server where they leave it to it.
    init(_ work: StepWork, _ host: any ContentHost) async throws {
        if let alias = work.input("alias") {
            guard let text = work.variables["Resources.Pipeline.\(alias).RunID"], let id = Int(text) else {
                throw ArtifactFailure.aliasUnknown(alias)
            }
            (run, number) = (id, work.variables["Resources.Pipeline.\(alias).RunName"])
            return
        }
        let kind = (work.input("buildType") ?? work.input("source") ?? "current").lowercased()
        guard kind == "specific" else {
            guard kind == "current" else {
                throw TaskFailure.inputInvalid("buildType", value: kind, expected: "'current' or 'specific'")
            }
            (run, number) = (host.run, nil)
            return
        }
        let version = work.input("buildVersionToDownload") ?? work.input("runVersion") ?? "latest"
        let asked = work.input("runId") ?? work.input("pipelineId") ?? work.input("buildId")
        let pipeline = work.input("definition") ?? work.input("pipeline")
        if version.lowercased() == "specific", asked.flatMap({ Int($0) }) == nil { throw ArtifactFailure.runNotGiven }
        guard let pipeline else {
            guard version.lowercased() == "specific", let id = asked.flatMap({ Int($0) }) else {
                throw TaskFailure.inputMissing("definition")
            }
            (run, number) = (id, nil)
            return
        }
        let prefers = work.flag("specificBuildWithTriggering") || work.flag("preferTriggeringPipeline")
        let source = try await host.sourceRun([
            ("project", work.input("project")), ("pipeline", pipeline), ("version", version), ("run", asked),
            ("branch", work.input("branchName") ?? work.input("runBranch")), ("tags", work.input("tags")),
            ("partial", work.flag("allowPartiallySucceededBuilds") ? "true" : nil),
            ("failed", work.flag("allowFailedBuilds") ? "true" : nil), ("triggering", prefers ? "true" : nil),
        ])
        (run, number) = (source.run, source.number)
    }

    /// The output variable that the tasks have.
    func tell(_ work: StepWork) {
        let number = number ?? work.variables["Build.BuildNumber"] ?? ""
        work.command("##vso[task.setvariable variable=BuildNumber;isOutput=true]\(number)")
    }
}
