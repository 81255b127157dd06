import Foundation
import Hummingbird
import RoostModel

/// The buttons of steps that wait for a person.
extension DashboardRoutes {
    func addValidationActions<Context: RequestContext>(to router: some RouterMethods<Context>) {
        for (word, isResumed) in [("resume", true), ("reject", false)] {
            action(router, "/runs/:run/validations/:validation/\(word)") { request, context, form in
                try request.require(.buildExecute, to: "\(word) a run")
                let run = RunID(try context.number("run"))
                guard let id = context.get("validation").flatMap({ RecordID(text: $0) }) else {
                    throw DashboardPathError()
                }
                try await plane.answer(
                    validationOf: run,
                    id: id,
                    isResumed: isResumed,
                    comment: form["comment"],
                    by: request.caller
                )
                return "/runs/\(run)"
            }
        }
    }

    func validations(of run: Run, _ request: DashboardRequest) -> [RunPage.ValidationPart] {
        let t = request.phrases
        let mayAnswer = (try? request.require(.buildExecute, to: "resume a run")) != nil
        return plane.validations(of: run.id).map { view in
            let refusal =
                view.refusal(of: request.userName ?? "").map(t.refusal) ?? (mayAnswer ? nil : t["scopeMissing"])
            return RunPage.ValidationPart(
                run: run.id.rawValue,
                id: view.id.description,
                step: view.step,
                job: view.job,
                instructions: view.validation.instructions.split(whereSeparator: \.isNewline).map(String.init),
                mayAnswer: refusal == nil,
                whyNot: refusal
            )
        }
    }
}
