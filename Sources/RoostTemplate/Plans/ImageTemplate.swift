import RoostLanguage

/// A template of any of the languages, read whole.
public enum ImageTemplate: Sendable {
    case packerHCL(PackerTemplate)
    case packerJSON(ImageTemplateReading, PackerJSONTemplate.Outline)
    case imageBuilder(ImageTemplateReading)

    /// What it comes to, with everything that is wrong in it.
    public var reading: ImageTemplateReading {
        switch self {
        case .packerHCL(let template): template.reading
        case .packerJSON(let reading, _), .imageBuilder(let reading): reading
        }
    }

    /// Reads a template of the language that its name and its text say.
    ///
    /// A folder and files called `*.hcl` and `*.pkr.json` are HCL2; another file is JSON of Image Builder when its root says so, else
    /// JSON of Packer.
    ///
    /// - Parameters:
    ///   - input: names the template and what decides what it comes to.
    ///   - language: what it is written in, whatever its name says.
    /// - Returns: the template with all its problems.
    public static func read(_ input: ImageTemplateInput, as language: ImagePlan.Language? = nil) -> ImageTemplate {
        let isHCL = input.isFolder || input.path.hasSuffix(".hcl") || input.path.hasSuffix(".pkr.json")
        guard language ?? (isHCL ? .packerHCL : .packerJSON) != .packerHCL else {
            return .packerHCL(PackerTemplate(input))
        }
        guard let bytes = input.text ?? FileBytes.read(input.path) else {
            return .packerJSON(.unreadable(input.path), PackerJSONTemplate.Outline(builders: [], provisioners: []))
        }
        let isImageBuilder = language == .imageBuilder || language == nil && ImageBuilderTemplate.recognises(bytes)
        guard isImageBuilder else {
            let reading = PackerJSONTemplate.read(bytes, name: input.path, input)
            return .packerJSON(reading, PackerJSONTemplate.outline(bytes, name: input.path))
        }
        return .imageBuilder(ImageBuilderTemplate.read(bytes, name: input.path, input))
    }
}

extension ImageTemplateReading {
    static func unreadable(_ path: String) -> ImageTemplateReading {
        let problem = PackerInput.missing(path)
        return ImageTemplateReading(
            plan: ImagePlan(language: .packerJSON),
            diagnostics: [problem],
            syntaxProblems: [problem],
            sources: []
        )
    }
}
