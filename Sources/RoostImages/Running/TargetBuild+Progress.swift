import RoostTemplate

extension TargetBuild {
    func report(_ progress: ImageBuildProgress) { voice.tell(.progress(progress)) }

    /// What a person knows a step by.
    func title(of step: ImageStep) -> String { step.name.map { "\(step.type) \($0)" } ?? step.type }

    /// Does a step and says when it begins and what became of it.
    func reporting(_ step: ImageStep, _ place: Int, _ body: () async throws -> StepOutcome) async throws {
        let (title, start) = (voice.masked(title(of: step)), ContinuousClock.now)
        report(.stepBegan(place: place, title: title))
        var ended = ImageStepReport(place: place, title: title, outcome: .done, duration: .zero)
        defer {
            ended.duration = ContinuousClock.now - start
            report(.stepEnded(ended))
        }
        do {
            if try await body() == .reused { ended.outcome = .reused }
        } catch {
            ended.outcome = .failed
            ended.reason = voice.masked(ImageBuildFailure.text(error))
            throw error
        }
    }
}
