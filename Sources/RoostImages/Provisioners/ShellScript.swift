import Foundation

/// A script that a step runs.
enum ShellScript {
    /// A file of this machine, as the template names it.
    case file(String)
    /// A file that was fetched from an address, by its place here.
    case fetched(String, from: String)
    /// Lines of the template, as a whole.
    case inline(String)

    /// The scripts of a step in their order.
    static func all(of work: StepWork) throws -> [ShellScript] {
        if let address = try work.text("script_uri") {
            return [.fetched(try work.fetched(address), from: address)]
        }
        let files = try work.texts("script").filter { !$0.isEmpty } + work.texts("scripts")
        if !files.isEmpty { return files.map(ShellScript.file) }
        var lines = try work.texts("inline")
        if lines.isEmpty, let command = try work.text("command") { lines = [command] }
        let shebang = try work.text("inline_shebang") ?? "/bin/sh -e"
        return [.inline("#!\(shebang)\n" + lines.map { "\($0)\n" }.joined())]
    }

    /// Files of this machine.
    var file: String? {
        switch self {
        case .file(let path), .fetched(let path, _): path
        case .inline: nil
        }
    }

    /// What a person knows it by; an address without what may be secret in it.
    var title: String {
        switch self {
        case .file(let path): path
        case .fetched(_, let address): FetchAddress.shown(address)
        case .inline: "inline"
        }
    }

    /// A name that no other file has.
    static func number() -> String { String(UInt32.random(in: 1_000_000_000...4_294_967_295)) }
}
