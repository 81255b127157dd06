import FoundationEssentials
import RoostContent
import RoostModel
import RoostWire

/// `Cache@2`: brings files that an earlier run kept, and keeps them at the end of a job that succeeded.
///
/// A restore that fails is told and counts as a miss: the job goes on as if there were no entry. It writes beside the target first, so a folder is never half
/// restored (``CacheFolders``).
struct CacheTask: PostJobTask {
    static let reference = TaskReference(
        id: "d53ccab4-555e-4494-9d06-11db043fb4a9",
        name: "Cache",
        version: "2.0.0"
    )
    let title = "Cache"
    let runsOnMachine = true

    /// What the step knows for its part after the job.
    private struct Memo: Sendable {
        var key: CacheKey
        var paths: [String]
        var isExact: Bool
    }

    func run(_ work: StepWork) async throws -> TaskResult {
        guard let text = work.input("key") else { throw TaskFailure.inputMissing("key") }
        let paths = try Self.paths(work)
        let fingerprint = CacheFingerprint(
            base: work.variables["System.DefaultWorkingDirectory"] ?? work.folders.sources,
            workspace: work.folders.build
        )
        let resolved = try fingerprint.resolve(text)
        work.output.writeLine("Resolving key:")
        for line in resolved.lines { work.output.writeLine(line) }
        work.output.writeLine("Resolved to: \(resolved.key)")
        var keys = [resolved.key]
        for line in (work.inputs["restorekeys"] ?? "").split(whereSeparator: \.isNewline) {
            guard !CacheFingerprint.parts(String(line)).isEmpty else { continue }
            let fallback = try fingerprint.resolve(String(line)).key
            work.output.writeLine("Resolved restore key: \(fallback) | **")
            keys.append(fallback)
        }
        let found = await restore(keys, to: paths, work)
        if let name = work.input("cacheHitVar") {
            let value = found.map { $0.isExact == true ? "true" : "inexact" } ?? "false"
            work.variables.set([(name, value)])
        }
        work.memos.put(Memo(key: resolved.key, paths: paths, isExact: found?.isExact == true), for: work.step.id)
        return .succeeded
    }

    private static func paths(_ work: StepWork) throws(TaskFailure) -> [String] {
        let base = work.variables["System.DefaultWorkingDirectory"] ?? work.folders.sources
        let lines = (work.input("path") ?? "").split(whereSeparator: \.isNewline)
        let paths = lines.map { String($0).trimmingWhitespace }.filter { !$0.isEmpty }.map { line in
            let home = work.environment["HOME"] ?? ""
            let path = line == "~" || line.hasPrefix("~/") ? home + line.dropFirst() : line
            return work.absolute(path, below: base).withoutSlashAtEnd
        }
        guard !paths.isEmpty else { throw .inputMissing("path") }
        return paths
    }

    // MARK: Restoring

    /// The entry that was restored; nil when there is none or it could not be.
    private func restore(_ keys: [CacheKey], to paths: [String], _ work: StepWork) async -> CacheEntryWire? {
        guard let host = work.content, host.keepsCaches else {
            work.output.writeLine("A run without a server has no cache; this is a miss.")
            return nil
        }
        do {
            guard let entry = try await host.findCache(keys) else {
                work.output.writeLine("There is a cache miss.")
                return nil
            }
            work.output.writeLine("Entry found at fingerprint: `\(entry.key)` (\(entry.scope), run \(entry.run))")
            let files = CacheFolders(paths: paths, temporary: work.settings.folders.temp, id: work.step.id)
            let report = TransferReport(work, "Restored")
            let download = ContentDownload(from: host.source(of: entry), told: report.note)
            let manifest = try await download.manifest(entry.content.manifest)
            let done = try await files.restore(manifest, download) { work.output.writeLine($0) }
            work.output.writeLine(
                "Cache restored: \(done.files) files, \(ByteText.of(done.total)), \(ByteText.of(done.travelled)) travelled."
            )
            return entry
        } catch is CancellationError {
            return nil
        } catch {
            let reason = (error as? any UserFacingError)?.summary ?? "\(error)"
            work.report(.warning, "The cache could not be restored, and the job goes on without it. \(reason)")
            return nil
        }
    }

    // MARK: Keeping

    func runAfterJob(_ work: StepWork) async throws -> TaskResult {
        guard let memo = work.memos.take(Memo.self, for: work.step.id) else {
            work.output.writeLine("Skipping because the step itself did not run to its end.")
            return .succeeded
        }
        guard work.variables["Agent.JobStatus"] == TaskResult.succeeded.rawValue.capitalizedFirst else {
            work.output.writeLine("Skipping because the job status was not 'Succeeded'.")
            return .succeeded
        }
        guard !memo.isExact else {
            work.output.writeLine("There was a cache hit on the key `\(memo.key)`; nothing is kept.")
            return .succeeded
        }
        guard let host = work.content, host.keepsCaches else {
            work.output.writeLine("A run without a server has no cache; nothing is kept.")
            return .succeeded
        }
        if let known = try await host.findCache([memo.key]), known.isExact == true {
            work.output.writeLine("Cache with fingerprint `\(known.key)` already exists.")
            return .succeeded
        }
        return try await save(memo, host, work)
    }

    private func save(_ memo: Memo, _ host: any ContentHost, _ work: StepWork) async throws -> TaskResult {
        var scan = FolderScan(links: .keep)
        for (place, path) in memo.paths.enumerated() {
            guard FileTree.exists(path) else {
                work.report(
                    .warning,
                    "The path '\(path)' does not exist, so nothing is kept under the key `\(memo.key)`."
                )
                return .succeeded
            }
            try scan.add(path, under: String(place))
        }
        let report = TransferReport(work, "Sent")
        let sent = try await ContentUpload(to: host.sink, told: report.note).run(scan)
        let content = ContentWire(manifest: sent.manifest, files: sent.files, size: sent.size)
        let entry = try await host.saveCache(CacheDraftWire(key: memo.key, content: content))
        work.output.writeLine(
            entry.isNew == false
                ? "Cache with fingerprint `\(entry.key)` already exists: run \(entry.run) was faster."
                : "Saved item: \(sent.files) files, \(ByteText.of(sent.size)), \(ByteText.of(sent.sent)) sent."
        )
        return .succeeded
    }
}

extension String {
    fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
