import ArgumentParser
import Foundation
import RoostLanguage

/// What to say of a command that does not exist, with the near name; nil when the commands in front of the arguments are known.
///
/// A group with a default command takes other words than names of commands, such as a file; there only a near name that is no
/// file counts as misspelt.
///
/// - Parameters:
///   - arguments: without the program's name.
///   - root: where the names are looked up.
/// - Returns: the failure to report.
func misspeltCommand(in arguments: [String], of root: any ParsableCommand.Type) -> CommandFailure? {
    var command = root
    var path = [root._commandName]
    for argument in arguments {
        let known = command.configuration.subcommands
        if known.isEmpty || argument.hasPrefix("-") || argument == "help" { return nil }
        let named = known.first { $0._commandName == argument || $0.configuration.aliases.contains(argument) }
        if let named {
            command = named
            path.append(argument)
            continue
        }
        let near = nearName(argument, among: known.filter { $0.configuration.shouldDisplay }.map { $0._commandName })
        let takesOthers = command.configuration.defaultSubcommand != nil
        if takesOthers, near == nil || FileManager.default.fileExists(atPath: argument) { return nil }
        return .unknownCommand(argument, of: path.joined(separator: " "), near: near)
    }
    return nil
}
