using Gantry.AzurePipelines;

namespace Gantry.Nuke.Generation;

/// <summary>
/// An attribute of the build class that generates files from it, like NUKE's own generators. <c>--generate-configuration</c> writes the
/// files, and every local run rewrites those that are stale.
/// </summary>
/// <remarks>
/// NUKE would regenerate the files in another process and then wait for a key. AutoGenerate is therefore false, and
/// <see cref="RegenerateFilesAttribute"/> regenerates the files in this process, only when needed.
/// </remarks>
[AttributeUsage(AttributeTargets.Class)]
public abstract class FileGeneratorAttribute : ConfigurationAttributeBase, IConfigurationGenerator
{
    /// <inheritdoc/>
    public override IEnumerable<AbsolutePath> GeneratedFiles => [ConfigurationFile];

    /// <summary>Empty: the files describe the build as a whole.</summary>
    public override IEnumerable<string> RelevantTargetNames => [];

    /// <summary>Empty: the files describe the build as a whole.</summary>
    public override IEnumerable<string> IrrelevantTargetNames => [];

    bool IConfigurationGenerator.AutoGenerate => false;

    /// <summary>Writes the files that differ from what the build class declares.</summary>
    /// <param name="executableTargets">All targets of the build.</param>
    public new void Generate(IReadOnlyCollection<ExecutableTarget> executableTargets) =>
        GenerationRun.Write(Build, this, executableTargets);

    /// <summary>Not used: these files are generated from a typed model, not line by line.</summary>
    public sealed override CustomFileWriter CreateWriter(StreamWriter streamWriter) => throw NotInLines();

    /// <summary>Not used: these files are generated from a typed model, not line by line.</summary>
    public sealed override ConfigurationEntity GetConfiguration(IReadOnlyCollection<ExecutableTarget> relevantTargets) =>
        throw NotInLines();

    /// <summary>Creates the files and the findings about them, without writing anything.</summary>
    /// <param name="build">The build object; <see cref="ConfigurationAttributeBase.Build"/> is only set while NUKE generates.</param>
    /// <param name="executableTargets">All targets of the build.</param>
    internal abstract GenerationResult CreateFiles(INukeBuild build, IReadOnlyCollection<ExecutableTarget> executableTargets);

    private static NotSupportedException NotInLines() => new("These files are generated as a whole: call Generate.");
}
