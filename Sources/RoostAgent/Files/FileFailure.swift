import RoostModel

/// Why a task could not do its work on files.
enum FileFailure: UserFacingError, Hashable {
    case folderMissing(String, input: String)
    case unreadable(String, error: Int32)
    case unwritable(String, error: Int32)
    case targetIsFolder(source: String, target: String)
    case notDeleted(count: Int)
    case archiveIsNoFile(String)
    case noArchiveFormat(String)
    case compressedArchiveKept(String)
    case archiveInFolderToClean(archive: String, folder: String)
    case notUnpacked(String, program: String, code: Int32)

    var code: String {
        switch self {
        case .folderMissing: "file.folder-missing"
        case .unreadable: "file.unreadable"
        case .unwritable: "file.unwritable"
        case .targetIsFolder: "file.target-is-folder"
        case .notDeleted: "file.not-deleted"
        case .archiveIsNoFile: "archive.no-file"
        case .noArchiveFormat: "archive.format"
        case .compressedArchiveKept: "archive.compressed"
        case .archiveInFolderToClean: "archive.in-folder"
        case .notUnpacked: "archive.not-unpacked"
        }
    }

    var summary: String {
        switch self {
        case .folderMissing(let path, let input): "The folder '\(path)' of the input '\(input)' does not exist."
        case .unreadable(let path, let error): "'\(path)' could not be read: \(systemMessage(error))."
        case .unwritable(let path, let error): "'\(path)' could not be written: \(systemMessage(error))."
        case .targetIsFolder(let source, let target):
            "Unable to copy file \(source) to \(target). The target path already exists as a directory."
        case .notDeleted(let count): "Couldn't delete one or more files: \(count) are left."
        case .archiveIsNoFile(let path): "'\(path)' is there already and is not a file."
        case .noArchiveFormat(let format): "Archives of the type '\(format)' cannot be made on Linux."
        case .compressedArchiveKept(let path): "Files cannot be added to '\(path)': it is a compressed tar archive."
        case .archiveInFolderToClean(let archive, let folder):
            "The archive '\(archive)' is in the folder '\(folder)', which is to be cleaned before."
        case .notUnpacked(let path, let program, let code):
            "'\(path)' could not be unpacked: \(program) ended with code \(code)."
        }
    }

    var location: String? { nil }

    var advice: String? {
        switch self {
        case .folderMissing: "Check the path; relative paths start at the sources folder."
        case .unreadable, .unwritable: "Give the agent's user the right to it, and see that the disk is not full."
        case .targetIsFolder: "Delete that folder first ('CleanTargetFolder'), or copy elsewhere."
        case .notDeleted: "The agent's user has no right to delete what the errors above name."
        case .archiveIsNoFile: "Give another 'archiveFile'."
        case .noArchiveFormat: "Use zip, tar or 7z."
        case .compressedArchiveKept: "Set 'replaceExistingArchive' to true, or 'tarCompression' to none."
        case .archiveInFolderToClean: "Unpack into another folder, or set 'cleanDestinationFolder' to false."
        case .notUnpacked:
            "What it wrote above says why; archives that are damaged, or whose names lead out of the folder, are refused."
        }
    }
}
