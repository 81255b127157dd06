import Foundation
import Hummingbird
import RoostModel
import RoostPipeline

extension DashboardRoutes {
    /// The form that queues a run of a pipeline.
    func runFormPage(_ request: DashboardRequest, _ parameters: Parameters) async throws -> Page {
        try request.require(.buildExecute, to: "queue a run")
        let id = PipelineID(try parameters.number("pipeline"))
        let branch = DashboardQuery(request.query)["branch"]
        let form = try await plane.runForm(id, branch: branch.isEmpty ? nil : branch)
        return page(RunFormPage(form, posted: nil, refusal: nil, request.phrases), request)
    }

    /// Queues the run, or shows the form again with what is wrong at each field.
    func queueFromForm(
        _ request: DashboardRequest,
        _ parameters: Parameters,
        _ posted: DashboardForm
    ) async throws -> FormOutcome {
        try request.require(.buildExecute, to: "queue a run")
        let id = PipelineID(try parameters.number("pipeline"))
        let branch = posted["branch"]
        let form = try await plane.runForm(id, branch: branch.isEmpty ? nil : branch)
        var wanted = RunRequest(pipeline: id, branch: branch.isEmpty ? nil : branch)
        wanted.version = posted["commit"].isEmpty ? nil : posted["commit"]
        for parameter in form.parameters {
            guard let value = posted.value("p.\(parameter.name)") else { continue }
            // What was left empty and has no default is missing, which the compiler says.
            if value.isEmpty, parameter.defaultValue == nil { continue }
            wanted.parameters[parameter.name] = value.replacing("\r\n", with: "\n")
        }
        for (name, variable) in form.variables {
            guard let value = posted.value("v.\(name)"), !(variable.isSecret && value.isEmpty) else { continue }
            wanted.variables[name] = PipelineVariable(
                value: value,
                isSecret: variable.isSecret,
                settableAtQueueTime: true
            )
        }
        wanted.stagesToSkip = form.stages.map(\.name).filter { posted["stage.\($0)"] == "skip" }
        do throws(ControlError) {
            return .path("/runs/\(try await plane.queueRun(wanted, by: request.caller).id)")
        } catch {
            return .page(page(RunFormPage(form, posted: posted, refusal: error, request.phrases), request))
        }
    }

    private func page(_ content: RunFormPage, _ request: DashboardRequest) -> Page {
        Page(title: content.heading, section: "pipelines", content: render("runform", content))
    }
}

/// The values of an address's query.
private struct DashboardQuery {
    private let text: String

    init(_ text: String?) { self.text = text ?? "" }

    subscript(name: String) -> String {
        for pair in text.split(separator: "&") where pair.hasPrefix("\(name)=") {
            return pair.dropFirst(name.count + 1).replacing("+", with: " ").removingPercentEncoding ?? ""
        }
        return ""
    }
}
