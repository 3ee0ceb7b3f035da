namespace Gantry.Nuke.Publishing;

/// <summary>
/// What the projects that are published are made of, as MSBuild says while it builds them: the folders of the projects, and the files that
/// they name. A folder is read as a whole later, so that a new file counts.
/// </summary>
/// <param name="folder">The folder for the lists.</param>
internal sealed class SourceListing(AbsolutePath folder)
{
    private const string Variable = "CustomAfterMicrosoftCommonTargets";

    // MSBuild imports this file at the end of each project.
    private const string Targets = """
        <Project>
          <Target Name="ListSourcesOfImages" AfterTargets="CoreCompile">
            <ItemGroup>
              <_NamedSource Include="@(Compile->'%(FullPath)');@(EmbeddedResource->'%(FullPath)');@(AdditionalFiles->'%(FullPath)')" />
              <_NamedSource Include="@(Content->'%(FullPath)');@(None->'%(FullPath)');$(ProjectAssetsFile)" />
              <_SourceLine Include="project $(MSBuildProjectFullPath)" />
              <_SourceLine Include="@(_NamedSource->'file %(Identity)')" />
            </ItemGroup>
            <PropertyGroup>
              <_SourceId>$([MSBuild]::StableStringHash($(MSBuildProjectFullPath)$(TargetFramework)$(RuntimeIdentifier)))</_SourceId>
            </PropertyGroup>
            <WriteLinesToFile File="$(MSBuildThisFileDirectory)lists/$(_SourceId)" Lines="@(_SourceLine)" Overwrite="true" />
          </Target>
        </Project>

        """;

    private AbsolutePath Lists => folder / "lists";

    /// <summary>Deletes what was listed.</summary>
    public void Clear() => Lists.CreateOrCleanDirectory();

    /// <summary>Runs work whose MSBuild processes list their sources.</summary>
    public void Run(Action work)
    {
        Lists.CreateDirectory();
        var file = folder / "sources.targets";
        File.WriteAllText(file, Targets);
        var before = EnvironmentInfo.Variables.GetValueOrDefault(Variable);
        Environment.SetEnvironmentVariable(Variable, file);
        try
        {
            work();
        }
        finally
        {
            Environment.SetEnvironmentVariable(Variable, before);
        }
    }

    /// <summary>Reads what was listed; null when nothing was.</summary>
    public ListedSources? Read()
    {
        var lines = Directory.Exists(Lists) ? Directory.GetFiles(Lists).SelectMany(File.ReadAllLines).ToList() : [];
        var folders = Values("project ").Select(project => Path.GetDirectoryName(project)!).Distinct(StringComparer.Ordinal);
        var listed = new ListedSources([.. folders.Order(StringComparer.Ordinal)], [.. Values("file ").Distinct(StringComparer.Ordinal)]);
        return listed.Folders.Count == 0 ? null : listed;

        IEnumerable<string> Values(string kind) =>
            lines.Where(line => line.StartsWith(kind, StringComparison.Ordinal)).Select(line => line[kind.Length..]);
    }
}

/// <summary>Folders and files, with their full paths.</summary>
/// <param name="Folders">The folders of the projects.</param>
/// <param name="Files">The files that the projects name.</param>
internal sealed record ListedSources(IReadOnlyList<string> Folders, IReadOnlyList<string> Files);
