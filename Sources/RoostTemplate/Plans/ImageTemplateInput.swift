public import Foundation

/// A template and everything that decides what it comes to.
public struct ImageTemplateInput: Sendable {
    /// The file or folder, as it was named.
    public var path: String
    /// The text of the template, when it is not in the file that is named, as for standard input.
    public var text: [UInt8]?
    /// Files of values, in the order in which they were named.
    public var variableFiles: [String]
    /// Values of the command line.
    public var arguments: [PackerInput.Argument]
    /// Values for those variables that are declared.
    public var offered: OfferedVariables
    public var environment: [String: String]
    /// What other servers keep, as far as it is known; defaults of variables ask for it.
    public var lookups: TemplateLookups
    /// Whether data sources are evaluated; else what they give is unknown.
    public var evaluatesDataSources: Bool
    public var workingFolder: String
    /// The moment of the run, which `timestamp` names.
    public var now: Date
    /// Names, or patterns in HCL2, of the targets that are wanted; empty is all.
    public var only: [String]
    public var except: [String]
    /// Whether a value for a variable that is not declared is worth a warning.
    public var warnsOfUndeclared: Bool

    public init(
        path: String,
        text: [UInt8]? = nil,
        variableFiles: [String] = [],
        arguments: [PackerInput.Argument] = [],
        offered: OfferedVariables = OfferedVariables(),
        environment: [String: String] = [:],
        lookups: TemplateLookups = TemplateLookups(),
        evaluatesDataSources: Bool = false,
        workingFolder: String = "/",
        now: Date,
        only: [String] = [],
        except: [String] = [],
        warnsOfUndeclared: Bool = true
    ) {
        self.path = path
        self.text = text
        self.variableFiles = variableFiles
        self.arguments = arguments
        self.offered = offered
        self.environment = environment
        self.lookups = lookups
        self.evaluatesDataSources = evaluatesDataSources
        self.workingFolder = workingFolder
        self.now = now
        self.only = only
        self.except = except
        self.warnsOfUndeclared = warnsOfUndeclared
    }

    /// Whether a folder is named.
    var isFolder: Bool {
        var isFolder: ObjCBool = false
        return text == nil && FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }

    /// The folder that a template lies in, as it was named: itself, or that of a file.
    var folder: String {
        if isFolder { return path }
        let folder = (path as NSString).deletingLastPathComponent
        return folder.isEmpty ? "." : folder
    }
}
