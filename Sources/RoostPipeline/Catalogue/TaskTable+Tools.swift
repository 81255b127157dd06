extension TaskTable {
    /// Tasks that put a version of a tool on the path.
    static let tools = """
        task UsePythonVersion@0 | Use Python version | Puts a version of Python on the path.
        - versionSpec text! = 3.x :: The version or a range, such as 3.12, 3.x or >=3.9.
        - disableDownloadFromRegistry bool = false :: Take only what is on the machine.
        - allowUnstable bool [disableDownloadFromRegistry = false] = false :: Versions before their release count too.
        - githubToken text [disableDownloadFromRegistry = false] :: A token for downloads without limits.
        - addToPath bool! = true :: Put it before others on the path.
        - architecture x86|x64|arm64! = x64 :: For which processor.
        task NodeTool@0 | Node.js tool installer | Puts a version of Node.js on the path.
        - versionSource spec|fromFile! = spec :: Whether the version stands in the step or in a file.
        - versionSpec text [versionSource = spec] = 6.x :: The version or a range, such as 20.x.
        - versionFilePath path [versionSource = fromFile] :: The file that holds the version, such as .nvmrc.
        - checkLatest bool = false :: Look for a newer version that fits.
        - force32bit bool = false :: Take the 32-bit version on Windows.
        - nodejsMirror text = https://nodejs.org/dist :: Where versions come from.
        - retryCountOnDownloadFails number = 5 :: How often to try again when a download fails.
        - delayBetweenRetries number = 1000 :: Milliseconds between two tries.
        task UseNode@1 | Use Node.js | Puts a version of Node.js on the path and sets a proxy for npm.
        - version text = 10.x :: The version or a range, such as 20.x.
        - checkLatest bool = false :: Look for a newer version that fits.
        - force32bit bool = false :: Take the 32-bit version on Windows.
        - retryCountOnDownloadFails number = 5 :: How often to try again when a download fails.
        - delayBetweenRetries number = 1000 :: Milliseconds between two tries.
        task GoTool@0 | Go tool installer | Puts a version of Go on the path.
        - version text! = 1.19 :: The version, such as 1.22.
        - goPath path :: The value of GOPATH.
        - goBin path :: The value of GOBIN.
        - goSource downloadFromDefaultSource|downloadFromMicrosoftSource = downloadFromDefaultSource :: Whose Go it is.
        - goDownloadUrl text :: Where versions come from.
        task JavaToolInstaller@0 | Java tool installer | Puts a version of Java on the path and sets JAVA_HOME.
        - versionSpec text! = 8 :: The version, such as 17.
        - jdkArchitectureOption x64|x86|arm64! :: For which processor.
        - jdkSourceOption AzureStorage|LocalDirectory|PreInstalled! :: Where it comes from.
        - jdkFile path! [jdkSourceOption = LocalDirectory] :: The packed JDK.
        - azureResourceManagerEndpoint connection! [jdkSourceOption = AzureStorage] :: The service connection to Azure.
        - azureStorageAccountName text! [jdkSourceOption = AzureStorage] :: The storage account.
        - azureContainerName text! [jdkSourceOption = AzureStorage] :: The container of the storage account.
        - azureCommonVirtualFile text! [jdkSourceOption = AzureStorage] :: The packed JDK in the container.
        - azureResourceGroupName text [jdkSourceOption = AzureStorage] :: The resource group of the storage account.
        - jdkDestinationDirectory path! [jdkSourceOption != PreInstalled] :: Where to unpack it.
        - cleanDestinationDirectory bool! [jdkSourceOption != PreInstalled] = true :: Remove what is in the folder first.
        - createExtractDirectory bool [jdkSourceOption != PreInstalled] = true :: Unpack into a folder of its own below it.
        task UseDotNet@2 | Use .NET | Puts a version of .NET on the path.
        - packageType runtime|sdk = sdk :: The SDK, or only what runs programs.
        - useGlobalJson bool [packageType = sdk] = false :: Take the version that global.json says.
        - workingDirectory path [useGlobalJson = true] :: Where to look for global.json.
        - version text :: The version or a range, such as 8.x.
        - vsVersion text :: The version of Visual Studio that must be able to use it.
        - checkForExistingVersion bool = false :: Look whether the version is there before it is fetched.
        - includePreviewVersions bool = false :: Versions before their release count too.
        - requestTimeout number = 300000 :: Milliseconds a download may take.
        - installationPath path = $(Agent.ToolsDirectory)/dotnet :: Where to install it.
        - performMultiLevelLookup bool = false :: Programs may use versions installed elsewhere.
        task UseRubyVersion@0 | Use Ruby version | Puts a version of Ruby on the path.
        - versionSpec text! = >= 2.4 :: The version or a range, such as 3.2 or >= 3.
        - addToPath bool = true :: Put it before others on the path.
        """
}
