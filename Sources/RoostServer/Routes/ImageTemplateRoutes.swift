import FoundationEssentials
import Hummingbird
import RoostModel
import RoostWire

/// Templates of images and their builds, by the names and bodies of Azure's Image Builder.
func addImageTemplateRoutes(to table: RouteTable) {
    let template = "imagetemplates/{templateName}"
    let (read, write) = (RouteAccess.scope(.build), RouteAccess.scope(.buildExecute))

    table.get("imagetemplates", access: read) { call in
        var found: [ImageTemplateWire] = []
        for template in call.plane.imageTemplates() { found.append(await call.view(template)) }
        return try call.list(found)
    }
    table.get(template, access: read) { call in
        try call.answer(await call.view(call.imageTemplate(), isWhole: true))
    }
    table.put(template, access: write) { call in
        let wire = try await call.decode(ImageTemplateWire.self)
        let made = try await call.plane.createImageTemplate(call.text("templateName"), wire.draft(), by: call.caller)
        return try call.answer(await call.view(made), status: .created)
    }
    table.patch(template, access: write) { call in
        let wire = try await call.decode(ImageTemplateWire.self)
        let changed = try await call.plane.updateImageTemplate(call.text("templateName"), wire.draft(), by: call.caller)
        return try call.answer(await call.view(changed))
    }
    table.delete(template, access: write) { call in
        try await call.plane.deleteImageTemplate(call.text("templateName"), by: call.caller)
        return call.nothing
    }
    addImageRunRoutes(to: table, template, read, write)
    addImageTriggerRoutes(to: table, template, read, write)
}

private func addImageRunRoutes(
    to table: RouteTable,
    _ template: String,
    _ read: RouteAccess,
    _ write: RouteAccess
) {
    table.post("\(template)/run", access: write) { call in
        let begun = try await call.plane.runImageTemplate(call.text("templateName"), by: call.caller)
        return try call.answer(await call.view(begun), status: .accepted)
    }
    table.post("\(template)/cancel", access: write) { call in
        let template = try await call.plane.cancelImageTemplate(call.text("templateName"), by: call.caller)
        return try call.answer(await call.view(template), status: .accepted)
    }
    table.get("\(template)/status", access: read) { call in
        let template = try call.imageTemplate()
        guard let view = await call.plane.buildView(of: template) else {
            throw ImageTemplateError.notRunning(template.name)
        }
        return try call.answer(ImageRunStatusWire(view.status, run: view.run, steps: view.steps))
    }
    table.get("\(template)/runoutputs", access: read) { call in try call.list(await call.outputs()) }
    table.get("\(template)/runoutputs/{outputName}", access: read) { call in
        let wanted = call.text("outputName")
        guard let found = try await call.outputs().first(where: { $0.name.lowercased() == wanted.lowercased() }) else {
            throw ImageTemplateError.outputNotFound(try call.imageTemplate().name, output: wanted)
        }
        return try call.answer(found)
    }
}

private func addImageTriggerRoutes(
    to table: RouteTable,
    _ template: String,
    _ read: RouteAccess,
    _ write: RouteAccess
) {
    let trigger = "\(template)/triggers/{triggerName}"
    table.get("\(template)/triggers", access: read) { call in
        try call.list(call.imageTemplate().trigger.map { [ImageTriggerWire($0)] } ?? [])
    }
    table.get(trigger, access: read) { call in
        let (template, name) = (try call.imageTemplate(), call.text("triggerName"))
        guard let found = template.trigger, found.name.lowercased() == name.lowercased() else {
            throw ImageTemplateError.triggerNotFound(template.name, trigger: name)
        }
        return try call.answer(ImageTriggerWire(found))
    }
    table.put(trigger, access: write) { call in
        let kind = try await call.decode(ImageTriggerWire.self).properties?.kind ?? "SourceImage"
        guard kind.lowercased() == "sourceimage" else {
            throw RequestProblem.malformed(place: "properties.kind", problem: "only 'SourceImage' is known")
        }
        let template = try await call.plane.putImageTrigger(
            call.text("triggerName"),
            of: call.text("templateName"),
            by: call.caller
        )
        return try call.answer(template.trigger.map { ImageTriggerWire($0) })
    }
    table.delete(trigger, access: write) { call in
        try await call.plane.deleteImageTrigger(
            call.text("triggerName"),
            of: call.text("templateName"),
            by: call.caller
        )
        return call.nothing
    }
}

extension Call {
    fileprivate func imageTemplate() throws(ControlError) -> ManagedImageTemplate {
        try plane.imageTemplate(text("templateName"))
    }

    /// With `$expand=files` also what is in its files.
    fileprivate func view(_ template: ManagedImageTemplate, isWhole: Bool = false) async -> ImageTemplateWire {
        let isExpanded = isWhole && query["$expand"]?.lowercased().contains("files") ?? false
        return ImageTemplateWire(
            template,
            status: await plane.buildView(of: template, withSteps: false)?.status,
            contents: isExpanded ? plane.folder(of: template).files(template.files) : nil
        )
    }

    fileprivate func outputs() async throws(ControlError) -> [ImageRunOutputWire] {
        let template = try imageTemplate()
        guard let view = await plane.buildView(of: template) else { return [] }
        let base = services.address
        return view.outputs.map { output in
            ImageRunOutputWire(output, template: template.name) {
                "\(base)_apis/build/builds/\(view.run)/artifacts?artifactName=\($0)"
            }
        }
    }
}

extension ImageTemplateWire {
    fileprivate func draft() throws(RequestProblem) -> ImageTemplateDraft {
        var draft = ImageTemplateDraft(
            location: location,
            tags: tags,
            project: project,
            pool: pool,
            main: main,
            parameters: parameters
        )
        draft.form = try form.map { text throws(RequestProblem) in
            guard
                let form = ManagedImageTemplate.Form.allCases.first(where: {
                    $0.rawValue.lowercased() == text.lowercased()
                })
            else { throw .malformed(place: "form", problem: "expected 'ImageBuilder' or 'Packer'") }
            return form
        }
        draft.source = source.map {
            ImageTemplateSource(gallery: $0.gallery, definition: $0.definition, version: $0.version)
        }
        draft.distributesTo = try distributesTo?.map { text throws(RequestProblem) in
            let parts = text.split(separator: "/").map(String.init)
            guard parts.count == 4, parts[0].lowercased() == "galleries", parts[2].lowercased() == "images" else {
                throw .malformed(place: "distributesTo", problem: "expected '/galleries/GALLERY/images/DEFINITION'")
            }
            return ImageDefinitionKey(parts[1], parts[3])
        }
        guard let files else { return draft }
        var contents: [String: Data] = [:]
        for file in files {
            guard let content = file.content, contents.updateValue(content, forKey: file.path) == nil else {
                throw .malformed(place: "files", problem: "'\(file.path)' has no content, or is there twice")
            }
        }
        draft.files = contents
        return draft
    }
}
