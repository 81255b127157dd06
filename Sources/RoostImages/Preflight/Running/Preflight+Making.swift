public import RoostLanguage
import RoostModel

extension Preflight {
    /// What is made may be what others were missing, as a group is for a gallery.
    private static let mostPasses = 3

    /// Looks, makes what is missing, and looks again until there is nothing left that can be made.
    ///
    /// - Parameters:
    ///   - makers: asked in this order who can make something; without any, nothing is made.
    ///   - say: gets a line for each thing that is made.
    /// - Returns: what the last look came to, what was made, and why the rest was not.
    public func run(
        makers: [any PreflightMaker],
        say: (String) -> Void
    ) async -> (report: PreflightReport, made: [PreflightDraft], failures: [Diagnostic]) {
        var report = await run()
        var (made, failures, tried): ([PreflightDraft], [Diagnostic], Set<PreflightDraft>) = ([], [], [])
        guard !makers.isEmpty else { return (report, made, failures) }
        for _ in 0..<Self.mostPasses {
            let drafts = report.drafts.filter { tried.insert($0).inserted }
            guard !drafts.isEmpty else { break }
            for draft in drafts {
                do {
                    guard try await make(draft, makers) else { continue }
                    say("Made \(draft.title).")
                    made.append(draft)
                } catch { failures.append(Self.failure(draft, error)) }
            }
            report = await run()
        }
        return (report, made, failures)
    }

    private func make(_ draft: PreflightDraft, _ makers: [any PreflightMaker]) async throws -> Bool {
        for maker in makers {
            if let isMade = try await maker.make(draft) { return isMade }
        }
        return false
    }

    private static func failure(_ draft: PreflightDraft, _ error: any Error) -> Diagnostic {
        let known = error as? any UserFacingError
        let summary = known?.summary ?? "The \(draft.title) could not be made: \(error)"
        return .error(
            "preflight.making",
            known?.location.map { summary.contains($0) ? summary : "\(summary) (\($0))" } ?? summary,
            advice: known?.advice
        )
    }
}
