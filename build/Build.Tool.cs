using System.Runtime.InteropServices;
using Gantry.Copying;
using Gantry.Images;
using Gantry.Nuke;
using Gantry.Oci;
using Gantry.Registries;

// The tool in its other forms: a container image, and a native file for the machine that runs the target.
partial class Build
{
    [Parameter("Registry that the image of the tool is pushed to, with its path: docker.io/contoso")]
    readonly string? ToolRegistry = null;

    AbsolutePath ToolImageDirectory => RootDirectory / "artifacts" / "tool-image";

    AbsolutePath NativeDirectory => RootDirectory / "artifacts" / "native";

    Target ToolImage => _ => _
        .Description("Build the container image of the tool, for amd64 and arm64")
        .Produces(ToolImageDirectory)
        .Executes(async () =>
        {
            // One portable program for all platforms: the base image has the runtime.
            var published = RootDirectory / "artifacts" / "tool";
            published.CreateOrCleanDirectory();
            DotNetTasks.DotNet(
                $"publish src/Gantry.Cli --configuration Release --output {published} -p:Version={ToolVersion} -p:UseAppHost=false "
                + "-p:RunAnalyzers=false --nologo --verbosity quiet");

            ToolImageDirectory.CreateOrCleanDirectory();
            await using var registries = OpenRegistries();
            var store = registries.Open(RegistryAddress.Parse($"oci:{ToolImageDirectory}"), "gantry");
            var options = new OciImageBuilderOptions { AllowStandIn = IsLocalBuild };
            var built = await new OciImageBuilder(registries, options).BuildAsync(ToolImageRequest(), store, CancellationToken.None);
            await store.PutTagAsync(ToolVersion, built.Root, CancellationToken.None);
            Serilog.Log.Information("Built gantry {Version}: {Digest}", ToolVersion, built.Root.Descriptor.Digest);
        });

    Target PushToolImage => _ => _
        .Description("Push the container image of the tool to a registry")
        .DependsOn(ToolImage)
        .Requires(() => ToolRegistry)
        .Executes(async () =>
        {
            await using var registries = OpenRegistries();
            var request = new CopyRequest
            {
                Source = registries.Open(RegistryAddress.Parse($"oci:{ToolImageDirectory}"), "gantry"),
                Tag = ToolVersion,
                Targets = [new CopyTarget(registries.Open(RegistryAddress.Parse(ToolRegistry!), "gantry"), ToolVersion)],
            };
            var outcomes = await new ImageCopier().CopyAsync([request], CancellationToken.None);
            if (outcomes[0].Error is { } error)
                throw error;
        });

    // Native compilers do not compile for another operating system: a pipeline runs this on each.
    Target NativeTool => _ => _
        .Description("Compile the tool into one native file for this machine, and start it")
        .Produces(NativeDirectory / "*")
        .Executes(() =>
        {
            var platform = RuntimeInformation.RuntimeIdentifier;
            NativeDirectory.CreateOrCleanDirectory();
            var published = TemporaryDirectory / "native";
            published.CreateOrCleanDirectory();
            DotNetTasks.DotNet(
                $"publish src/Gantry.Cli --configuration Release --runtime {platform} --output {published} -p:Version={ToolVersion} "
                + "-p:RunAnalyzers=false --nologo --verbosity quiet");
            var extension = OperatingSystem.IsWindows() ? ".exe" : "";
            var program = NativeDirectory / $"gantry-{ToolVersion}-{platform}{extension}";
            File.Copy(published / $"gantry{extension}", program);
            ProcessTasks.StartProcess(program, "--version").AssertZeroExitCode();
        });

    string ToolVersion => ((IHazReleaseVersion)this).BuildVersion.SemVer;

    static Platform PlatformOfMachine =>
        RuntimeInformation.OSArchitecture == Architecture.Arm64 ? Platform.LinuxArm64 : Platform.LinuxAmd64;

    static RegistrySession OpenRegistries() => new(new RegistrySessionOptions { Credentials = [new DockerConfigCredentials()] });

    ImageBuildRequest ToolImageRequest() => new()
    {
        Dockerfile = RootDirectory / "build" / "gantry.Dockerfile",
        Context = RootDirectory,
        // On a developer's machine the base image may be a stand-in, which has one platform.
        Platforms = IsLocalBuild ? [PlatformOfMachine] : [Platform.LinuxAmd64, Platform.LinuxArm64],
        Labels = new Dictionary<string, string>
        {
            ["org.opencontainers.image.title"] = "gantry",
            ["org.opencontainers.image.version"] = ToolVersion,
            ["org.opencontainers.image.licenses"] = "MIT",
        },
        SourceDate = ImageBuildRequest.FixedTime,
    };
}
