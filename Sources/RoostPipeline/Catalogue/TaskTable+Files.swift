extension TaskTable {
    /// Tasks that copy, pack and fetch files.
    static let files = """
        task CopyFiles@2 | Copy files | Copies files whose paths match patterns from one folder to another.
        - SourceFolder path :: The folder the patterns are matched in; the sources' folder unless it says otherwise.
        - Contents lines! = ** :: Patterns of the files to copy, one a line.
        - TargetFolder path! :: The folder to copy to, such as $(Build.ArtifactStagingDirectory).
        - CleanTargetFolder bool = false :: Remove what is in the target folder first.
        - OverWrite bool = false :: Replace files that are in the target folder.
        - flattenFolders bool = false :: Put all files into the target folder itself.
        - preserveTimestamp bool = false :: Keep the times of the files.
        - retryCount number = 0 :: How often to try again when a file cannot be copied.
        - delayBetweenRetries number = 1000 :: Milliseconds between two tries.
        - ignoreMakeDirErrors bool = false :: Go on when the target folder cannot be made.
        task DeleteFiles@1 | Delete files | Removes files and folders whose paths match patterns.
        - SourceFolder path :: The folder the patterns are matched in; the sources' folder unless it says otherwise.
        - Contents lines! = myFileShare :: Patterns of the files and folders to remove, one a line.
        - RemoveSourceFolder bool = false :: Remove the source folder itself too, when everything in it matched.
        - RemoveDotFiles bool = false :: Patterns match names that begin with a dot too.
        task ArchiveFiles@2 | Archive files | Packs a folder or file into a zip, tar, 7z or wim archive.
        - rootFolderOrFile path! = $(Build.BinariesDirectory) :: The folder or file to pack.
        - includeRootFolder bool! = true :: Keep the folder's own name in the archive.
        - archiveType zip|7z|tar|wim! = zip :: The kind of archive.
        - sevenZipCompression ultra|maximum|normal|fast|fastest|none [archiveType = 7z] = normal :: How hard to compress.
        - tarCompression gz|bz2|xz|none [archiveType = tar] = gz :: How a tar archive is compressed.
        - archiveFile path! = $(Build.ArtifactStagingDirectory)/$(Build.BuildId).zip :: The archive to make.
        - replaceExistingArchive bool! = true :: Replace an archive that is there, instead of adding to it.
        - verbose bool = false :: Print every file.
        - quiet bool = false :: Print as little as can be.
        task ExtractFiles@1 | Extract files | Unpacks archives whose paths match patterns.
        - archiveFilePatterns lines! = **/*.zip :: Patterns of the archives, one a line.
        - destinationFolder path! :: The folder to unpack into.
        - cleanDestinationFolder bool! = true :: Remove what is in the folder first.
        - overwriteExistingFiles bool! = false :: Replace files that are in the folder.
        - pathToSevenZipTool path :: The 7z program to use.
        task Cache@2 | Cache | Restores files of earlier runs and keeps them when the job succeeds.
        - key text! :: What the content depends on, parts separated by |; a path or pattern counts with the content of the files.
        - path path! :: The folder to restore and to keep.
        - cacheHitVar text :: A variable that becomes true on a hit, inexact on a hit of restoreKeys, else false.
        - restoreKeys lines :: Prefixes of keys to fall back to, one a line.
        task DownloadSecureFile@1? | Download secure file | Fetches a secure file for the time of the job.
        - secureFile secureFile! :: The name of the secure file; its path is in $(name.secureFilePath).
        - retryCount number = 8 :: How often to try again when the download fails.
        - socketTimeout number :: Milliseconds without an answer after which a try ends.
        task InstallSSHKey@0? | Install SSH key | Makes a key known to ssh for the time of the job.
        - knownHostsEntry(hostName) lines! :: Lines for known_hosts.
        - sshPublicKey text :: The public key; it is made from the private one when it is left out.
        - sshPassphrase text :: The passphrase of the key, as a secret variable.
        - sshKeySecureFile secureFile! :: The secure file that holds the private key.
        - addEntryToConfig bool = false :: Write an entry for the key into ssh's configuration.
        - configHostAlias text! [addEntryToConfig = true] :: The name of the entry.
        - configHostname text! [addEntryToConfig = true] :: The host of the entry.
        - configUser text [addEntryToConfig = true] :: The user of the entry.
        - configPort text [addEntryToConfig = true] :: The port of the entry.
        """
}
