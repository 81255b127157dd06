import RoostLanguage

/// A template of any of the languages, read whole.
public enum ImageTemplate: Sendable {
    case packerHCL(PackerTemplate)

    /// What it comes to, with everything that is wrong in it.
    public var reading: ImageTemplateReading {
        switch self {
        case .packerHCL(let template): template.reading
        }
    }

    /// Reads a template of the language that its name and its text say.
    ///
    /// - Parameters:
    ///   - input: names the template and what decides what it comes to.
    ///   - language: what it is written in, whatever its name says.
    /// - Returns: the template with all its problems.
    public static func read(_ input: ImageTemplateInput, as language: ImagePlan.Language? = nil) -> ImageTemplate {
        .packerHCL(PackerTemplate(input))
    }
}
