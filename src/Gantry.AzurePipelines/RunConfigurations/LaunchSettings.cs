namespace Gantry.AzurePipelines.RunConfigurations;

/// <summary>The profiles of a project in Visual Studio, which <c>dotnet run</c> and Rider know as well.</summary>
/// <param name="Profiles">The profiles by name, in order.</param>
internal sealed record LaunchSettings(OrderedDictionary<string, LaunchProfile> Profiles)
{
    public static GeneratedFile Create(RunConfigurationSet set)
    {
        var folder = RelativePath.Folder(set.BuildProject);
        var root = folder.Length == 0 ? "." : string.Join('/', folder.Split('/').Select(_ => ".."));
        var profiles = new OrderedDictionary<string, LaunchProfile>(set.Targets.Select(target => KeyValuePair.Create(
            target.Name, new LaunchProfile("Project", CommandLineArguments.Join(RunConfigurationGenerator.ArgumentsOf(target)), root))));
        var path = (folder.Length == 0 ? "" : folder + "/") + "Properties/launchSettings.json";
        return EditorFile.Write(
            path, new LaunchSettings(profiles), json => json.LaunchSettings, new SharedJson(new SharedProfiles("profiles")));
    }
}

/// <summary>A profile.</summary>
internal sealed record LaunchProfile(string CommandName, string CommandLineArgs, string WorkingDirectory);
