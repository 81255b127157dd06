import ArgumentParser

/// `roost image`: templates of images.
struct ImageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "image",
        abstract: "Check, explain, lay out and build templates of images.",
        discussion: """
            Templates are those people have: Packer's HCL2 (a file or a folder) and JSON, and Azure Image Builder's. Flags are those of packer; \
            they may be written with one dash or two.

              roost image validate -var-file prod.pkrvars.hcl templates/
              roost image inspect --output json template.json

            Exit codes: 0 done, 1 errors, 3 with 'fmt -check' when a file is not laid out, 64 wrong usage.
            """,
        subcommands: [
            ImageValidateCommand.self, ImageInspectCommand.self, ImageFormatCommand.self, ImageConsoleCommand.self,
            ImageUpgradeCommand.self, ImageConvertCommand.self, ImagePreflightCommand.self, ImageBuildCommand.self,
            ImageCacheCommand.self, ImageSweepCommand.self, ImageBootCommand.self, ImageDoorCommand.self,
        ]
    )
}
