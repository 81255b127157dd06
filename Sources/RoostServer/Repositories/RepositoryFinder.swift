import Dispatch
import FoundationEssentials
import RoostLanguage
public import RoostModel
public import RoostPipeline

/// Finds the repositories beside a pipeline's own that its templates and checkouts come from, each at one commit.
///
/// A server's runs and those without a server go through the same rounds; they differ in what says where a repository is.
public struct RepositoryFinder: Sendable {
    /// A repository that was found, or why not; by folded alias.
    public typealias Found = [String: Result<RunRepository, ControlError>]
    typealias Locate = @Sendable (PlannedRepository) throws(ControlError) -> String

    /// Most repositories of one run.
    private static let repositoryLimit = 50

    let service: RepositoryService
    var pins: [String: RepositoryPin] = [:]
    /// Folders that stand for repositories as they are, by folded alias.
    var folders: [String: String] = [:]
    /// What whoever runs the pipeline can do about a repository whose files cannot be had.
    var advice: @Sendable (PlannedRepository) -> String? = { _ in nil }
    /// The URL of a repository.
    let locate: Locate

    // MARK: Compiling

    /// Compiles a pipeline's file, finding the repositories that its templates come from as the compiler comes to them.
    ///
    /// A round of the compiler names those it needs; they are found, all at once, and it begins anew. Declarations in templates that
    /// are extended may name more, so that there are several rounds at times.
    ///
    /// - Parameters:
    ///   - path: of the file, from the top of its repository.
    ///   - text: its bytes.
    ///   - own: gives the other files of its repository.
    ///   - limits: of the compiler.
    ///   - asked: what is known of the run.
    /// - Returns: what was compiled, and the repositories that were looked for.
    public func compile(
        path: String,
        text: [UInt8],
        own: some TemplateLoader & Sendable,
        limits: PipelineLimits = .default,
        asked: CompileRequest
    ) async -> (CompiledPipeline, Found) {
        var found: Found = [:]
        var others: [String: RunFiles.Other] = [:]
        while true {
            let files = RunFiles(own: own, others: others, advice: advice)
            let compiled = await Self.onThread {
                PipelineCompiler(loader: files, limits: limits).compile(path: path, text: text, request: asked)
            }
            let missing = files.missing
            if missing.isEmpty || found.count >= Self.repositoryLimit { return (compiled, found) }
            for (key, result) in await find(missing) {
                found[key] = result
                others[key] = await filesOrReason(key, result)
            }
        }
    }

    /// Compiling reads template files as it goes, which blocks: it gets a thread of its own.
    private static func onThread<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: body()) }
        }
    }

    private func filesOrReason(_ key: String, _ result: Result<RunRepository, ControlError>) async -> RunFiles.Other {
        do throws(ControlError) {
            let repository = try result.get()
            if let folder = folders[key] { return .files(WholeFolder(folder: folder)) }
            return .files(try await service.files(of: repository.url, at: repository.version))
        } catch {
            return .unavailable(reason: error.reason)
        }
    }

    // MARK: Finding

    /// Looks for several at once.
    private func find(_ wanted: [String: PlannedRepository]) async -> Found {
        await withTaskGroup(of: (String, Result<RunRepository, ControlError>).self) { group in
            for (key, repository) in wanted {
                group.addTask {
                    do throws(ControlError) {
                        return (key, .success(try await self.find(repository)))
                    } catch {
                        return (key, .failure(error))
                    }
                }
            }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
    }

    /// Where a repository is and which commit of it is meant.
    private func find(_ repository: PlannedRepository) async throws(ControlError) -> RunRepository {
        if let folder = folders[repository.alias.lowercased()] { return await asItIs(repository, folder) }
        let url = try locate(repository)
        let pin = pins.first { $0.key.lowercased() == repository.alias.lowercased() }?.value
        var ref = pin?.ref ?? repository.ref
        if ref.isEmpty, pin?.version == nil { ref = try await service.headRef(url) }
        return Self.record(repository, url, try await service.resolve(url: url, ref: ref, version: pin?.version))
    }

    /// A folder that need not be a repository; the commit is that of its working tree, when it is one.
    private func asItIs(_ repository: PlannedRepository, _ folder: String) async -> RunRepository {
        let commit: ResolvedCommit? = await {
            guard let ref = try? await service.headRef(folder) else { return nil }
            return try? await service.resolve(url: folder, ref: ref, version: nil)
        }()
        return Self.record(repository, folder, commit)
    }

    private static func record(
        _ repository: PlannedRepository,
        _ url: String,
        _ commit: ResolvedCommit?
    ) -> RunRepository {
        RunRepository(
            alias: repository.alias,
            type: repository.type.isEmpty ? "git" : repository.type,
            name: repository.name,
            url: url,
            ref: commit?.ref ?? "",
            version: commit?.id ?? ""
        )
    }

    // MARK: What a run records

    /// The repositories that a plan uses, at exact commits: those its templates came from and those its jobs check out.
    ///
    /// - Parameters:
    ///   - plan: of the run.
    ///   - found: what was looked for while it was compiled.
    /// - Returns: all of them, by alias.
    /// - Throws: ``ControlError/pipelineInvalid(_:)`` with every repository that cannot be had.
    public func repositories(of plan: RunPlan, _ found: Found) async throws(ControlError) -> [RunRepository] {
        var found = found
        let wanted = plan.checkedOutRepositories.filter { found[$0.alias.lowercased()] == nil }
        if !wanted.isEmpty {
            let byKey = Dictionary(wanted.map { ($0.alias.lowercased(), $0) }) { first, _ in first }
            found.merge(await find(byKey)) { _, new in new }
        }
        var problems: [Diagnostic] = []
        var used: [RunRepository] = []
        for (key, result) in found.sorted(by: { $0.key < $1.key }) {
            switch result {
            case .success(let repository): used.append(repository)
            case .failure(let error): problems.append(problem(of: key, plan, error))
            }
        }
        guard problems.isEmpty else { throw .pipelineInvalid(problems) }
        return used
    }

    private func problem(of key: String, _ plan: RunPlan, _ error: ControlError) -> Diagnostic {
        let declared =
            plan.repositories.first { $0.alias.lowercased() == key }
            ?? plan.checkedOutRepositories.first { $0.alias.lowercased() == key }
        return .error(
            "repository.unavailable",
            "Repository '\(key)' (\(declared?.name ?? key)) cannot be used: \(error.reason).",
            advice: declared.flatMap(advice) ?? error.advice
        )
    }
}

/// A folder that stands for a repository of the file's resources.
private struct WholeFolder: TemplateLoader, Sendable {
    let folder: String

    func load(path: String, repository: PlannedRepository) -> Result<[UInt8], TemplateLoadFailure> {
        FolderTemplateLoader(folder: folder, otherFolders: [repository.alias: folder])
            .load(path: path, repository: repository)
    }
}

extension ControlError {
    /// What is wrong, as the end of a sentence.
    var reason: String {
        switch self {
        case .repositoryUnavailable(let url, let reason): "\(url): \(reason)"
        case .invalid(_, let problem, _): problem
        default: summary
        }
    }
}
