/// The last step of an image for Azure, which takes away what belongs to one machine; Image Builder does it by itself.
enum Generalization {
    static let linux = "/usr/sbin/waagent -force -deprovision+user && export HISTSIZE=0 && sync"

    static let windows = [
        "while ((Get-Service RdAgent).Status -ne 'Running') { Start-Sleep -Seconds 5 }",
        "while ((Get-Service WindowsAzureGuestAgent).Status -ne 'Running') { Start-Sleep -Seconds 5 }",
        "& $env:SystemRoot\\System32\\Sysprep\\Sysprep.exe /oobe /generalize /quiet /quit /mode:vm",
        "while ((Get-ItemProperty HKLM:\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Setup\\State).ImageState"
            + " -ne 'IMAGE_STATE_GENERALIZE_RESEAL_TO_OOBE') { Start-Sleep -Seconds 10 }",
    ]

    /// How the line of Linux is run, as it needs the rights of root.
    static let linuxCommand = "chmod +x {{ .Path }}; {{ .Vars }} sudo -E sh '{{ .Path }}'"

    /// Whether lines do only that; waiting before it counts as nothing.
    static func isAll(of lines: [String], isWindows: Bool) -> Bool {
        let work = lines.filter { !$0.hasPrefix("sleep ") && !$0.isEmpty }
        if isWindows {
            return lines == windows
        }
        return work == [linux] || work == ["sudo \(linux)"]
    }
}
