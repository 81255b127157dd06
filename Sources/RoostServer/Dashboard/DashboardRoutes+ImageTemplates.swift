import Foundation
import Hummingbird
import RoostModel

/// Templates of images and their builds.
extension DashboardRoutes {
    func addImageTemplatePages<Context: RequestContext>(to router: some RouterMethods<Context>) {
        page(router, "/image-templates") { request, _ in await imageTemplatesPage(request) }
        page(router, "/image-templates/:template") { try await imageTemplatePage($0, $1) }
        action(router, "/image-templates/:template/run") { request, context, _ in
            let name = try buildable(request, context)
            _ = try await plane.runImageTemplate(name, by: request.caller)
            return "/image-templates/\(PercentCoding.encode(name))"
        }
        action(router, "/image-templates/:template/cancel") { request, context, _ in
            let name = try buildable(request, context)
            _ = try await plane.cancelImageTemplate(name, by: request.caller)
            return "/image-templates/\(PercentCoding.encode(name))"
        }
    }

    /// The name of the template, for somebody who may build it.
    private func buildable(_ request: DashboardRequest, _ parameters: Parameters) throws -> String {
        try request.require(.buildExecute, to: "build an image")
        if let holder = request.principal?.roleHolder {
            try plane.check(.create, on: plane.chain(of: .organization), for: holder)
        }
        return try name(parameters)
    }

    private func name(_ parameters: Parameters) throws -> String {
        guard let text = parameters.get("template")?.removingPercentEncoding else { throw DashboardPathError() }
        return text
    }

    // MARK: Pages

    private struct TemplateRow {
        var path: String
        var name: String
        var form: String
        var state: String
        var stateText: String
        var run: Int?
        var began: String?
        var age: String?
        var source: String
    }

    private struct TemplatePage {
        var t: [String: String]
        var name: String
        var path: String
        var form: String
        var file: String
        var pool: String
        var commit: String
        var source: String?
        var publishes: String?
        var trigger: String?
        var state: String
        var stateText: String
        var run: Int?
        var message: String?
        var isActive: Bool
        var mayRun: Bool
        var steps: [StepRow]
        var outputs: [OutputRow]
    }

    private struct StepRow {
        var title: String
        var state: String
        var stateText: String
        var note: String?
        var duration: String
    }

    private struct OutputRow {
        var name: String
        var state: String
        var stateText: String
        var place: String
        var run: Int?
    }

    private func imageTemplatesPage(_ request: DashboardRequest) async -> Page {
        let t = request.phrases
        var rows: [TemplateRow] = []
        for template in plane.imageTemplates() where sees(.organization, request) {
            let view = await plane.buildView(of: template, withSteps: false)
            rows.append(
                TemplateRow(
                    path: "/image-templates/\(PercentCoding.encode(template.name))",
                    name: template.name,
                    form: template.form.rawValue,
                    state: view?.status.state.pageName ?? "pending",
                    stateText: t.text(view?.status),
                    run: view?.run.rawValue,
                    began: view?.status.startTime.ISO8601Format(),
                    age: view.map { t.age($0.status.startTime, now: Date()) },
                    source: template.source.map { "\($0.gallery)/\($0.definition) \($0.version)" } ?? ""
                )
            )
        }
        let content = render("imagetemplates", ["t": t.table, "templates": rows] as [String: Any])
        return Page(title: t["imageTemplates"], section: "imageTemplates", content: content, stream: "/changes")
    }

    private func imageTemplatePage(_ request: DashboardRequest, _ parameters: Parameters) async throws -> Page {
        let t = request.phrases
        let template = try plane.imageTemplate(try name(parameters))
        guard sees(.organization, request) else { throw DashboardPathError() }
        let view = await plane.buildView(of: template)
        let isActive = view.map { $0.status.endTime == nil } ?? false
        let values = TemplatePage(
            t: t.table,
            name: template.name,
            path: "/image-templates/\(PercentCoding.encode(template.name))",
            form: template.form.rawValue,
            file: template.main,
            pool: template.pool,
            commit: String(template.commit.prefix(8)),
            source: template.source.map { "\($0.gallery)/\($0.definition) \($0.version)" },
            publishes: template.distributesTo.isEmpty
                ? nil : template.distributesTo.map { "\($0.gallery)/\($0.definition)" }.joined(separator: ", "),
            trigger: template.trigger.map { "\($0.name): \($0.message)" },
            state: view?.status.state.pageName ?? "pending",
            stateText: t.text(view?.status),
            run: view?.run.rawValue,
            message: view?.status.message,
            isActive: isActive,
            mayRun: !isActive,
            steps: (view?.steps ?? []).map { row($0, t) },
            outputs: (view?.outputs ?? []).map { row($0, view?.run, t) }
        )
        return Page(
            title: template.name,
            section: "imageTemplates",
            content: render("imagetemplate", values),
            stream: isActive ? view.map { "/runs/\($0.run)/events" } : "/changes"
        )
    }

    private func row(_ step: ImageRunStep, _ t: Phrases) -> StepRow {
        let state = step.result?.rawValue ?? (step.state == .inProgress ? "running" : "pending")
        let seconds = step.startedAt.map { (step.finishedAt ?? Date()).timeIntervalSince($0) }
        return StepRow(
            title: step.title,
            state: step.isReused ? "skipped" : state,
            stateText: step.isReused ? t["imageReused"] : t.state(state),
            note: step.message,
            duration: seconds.map { t.duration($0) } ?? ""
        )
    }

    private func row(_ output: ImageRunOutput, _ run: RunID?, _ t: Phrases) -> OutputRow {
        let state = output.isMade ? "succeeded" : "failed"
        let mark = "artifact:"
        let isFile = output.place?.hasPrefix(mark) ?? false
        let place = isFile ? output.place.map { String($0.dropFirst(mark.count)) } : output.place
        return OutputRow(
            name: output.name,
            state: state,
            stateText: t.state(state),
            place: place ?? output.message ?? "",
            run: isFile ? run?.rawValue : nil
        )
    }
}
