extension TaskTable {
    /// Tasks that make images of machines.
    static let machines = """
        task Packer@1 | Packer | Runs Packer with the identity of a service connection.
        - command text! = build :: What Packer does: build, validate, inspect, fix, version, or another of its commands.
        - connectedServiceType azure|aws|none! = azure :: The kind of service connection.
        - connectedServiceAzure(azureSubscription) connection! [connectedServiceType = azure] :: The service connection to Azure.
        - connectedServiceAWS connection! [connectedServiceType = aws] :: The service connection to AWS.
        - templatePath path :: The template, .pkr.hcl or .json, or a folder of templates.
        - workingDirectory path :: Where Packer begins; the sources' folder unless it says otherwise.
        - variables lines :: Variables of the template, one NAME=value a line.
        - variables-file path :: A file of variables.
        - options text :: More options for the command.
        - force bool = false :: Build although an artifact is there already.
        task PackerBuild@1 | Build machine image | Makes an image of a machine with Packer, from a template of its own or a given one.
        - templateType builtin|custom! = builtin :: Whether the template is made by the task or given.
        - customTemplateLocation path! [templateType = custom] :: The template.
        - customTemplateParameters lines [templateType = custom] = {} :: Variables of the template as a JSON object.
        - ConnectedServiceName(azureSubscription) connection :: The service connection to Azure.
        - isManagedImage bool! [templateType = builtin] = true :: Make a managed image rather than a disk file.
        - managedImageName text! [isManagedImage = true] :: The name of the image.
        - location text! [templateType = builtin] :: Where the image is stored and the temporary machine runs.
        - storageAccountName text! [templateType = builtin] :: The storage account of that place.
        - azureResourceGroup text! [templateType = builtin] :: The resource group of the storage account.
        - baseImageSource default|customVhd! [templateType = builtin] = default :: Whether the base is an image of the gallery or a disk file.
        - baseImage text! [baseImageSource = default] = MicrosoftWindowsServer:WindowsServer:2012-R2-Datacenter:windows :: The base: publisher:offer:sku:system.
        - customImageUrl text! [baseImageSource = customVhd] :: The address of the disk file.
        - customImageOSType windows|linux! [baseImageSource = customVhd] = windows :: What runs on it.
        - packagePath path! [templateType = builtin] :: The folder that is copied onto the machine.
        - deployScriptPath text! [templateType = builtin] :: The script in it that sets the machine up.
        - deployScriptArguments text [templateType = builtin] :: Arguments for the script.
        - additionalBuilderParameters lines [templateType = builtin] = {"vm_size":"Standard_D3_v2"} :: More keys of Packer's builder as a JSON object.
        - skipTempFileCleanupDuringVMDeprovision bool [templateType = builtin] = true :: Leave temporary files when the machine is generalised.
        - packerVersion text [templateType = custom] :: The version of Packer.
        - imageUri text :: A variable for the image's name or address.
        - imageId text :: A variable for the image's id.
        """
}
