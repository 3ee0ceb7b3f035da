using Gantry.AzurePipelines;

namespace Gantry.Nuke.Generation;

/// <summary>
/// An attribute of the build class that generates files from it, as NUKE's generators do: <c>--generate-configuration</c> writes them, and
/// so does every local run that finds one stale.
/// </summary>
/// <remarks>
/// NUKE would regenerate them in another process and then wait for a key. So it is told that nothing here generates by itself, and
/// <see cref="RegenerateFilesAttribute"/> does it instead, in this process and only when it is needed.
/// </remarks>
[AttributeUsage(AttributeTargets.Class)]
public abstract class FileGeneratorAttribute : ConfigurationAttributeBase, IConfigurationGenerator
{
    /// <inheritdoc/>
    public override IEnumerable<AbsolutePath> GeneratedFiles => [ConfigurationFile];

    /// <summary>None: the files are about the build as a whole.</summary>
    public override IEnumerable<string> RelevantTargetNames => [];

    /// <summary>None: the files are about the build as a whole.</summary>
    public override IEnumerable<string> IrrelevantTargetNames => [];

    bool IConfigurationGenerator.AutoGenerate => false;

    /// <summary>Writes the files that are not what the build class says.</summary>
    /// <param name="executableTargets">All targets of the build.</param>
    public new void Generate(IReadOnlyCollection<ExecutableTarget> executableTargets) => GenerationRun.Write(Build, this, executableTargets);

    /// <summary>Never used: these files come from a typed model, not from lines.</summary>
    public sealed override CustomFileWriter CreateWriter(StreamWriter streamWriter) => throw NotInLines();

    /// <summary>Never used: these files come from a typed model, not from lines.</summary>
    public sealed override ConfigurationEntity GetConfiguration(IReadOnlyCollection<ExecutableTarget> relevantTargets) => throw NotInLines();

    /// <summary>The files, and what should be known about them. Writes nothing.</summary>
    /// <param name="build">The build object; <see cref="ConfigurationAttributeBase.Build"/> is only known while NUKE generates.</param>
    /// <param name="executableTargets">All targets of the build.</param>
    internal abstract GenerationResult CreateFiles(INukeBuild build, IReadOnlyCollection<ExecutableTarget> executableTargets);

    private static NotSupportedException NotInLines() => new("These files are generated as a whole: call Generate.");
}
