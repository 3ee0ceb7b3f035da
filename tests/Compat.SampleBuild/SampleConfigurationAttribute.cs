using Nuke.Common;
using Nuke.Common.CI;
using Nuke.Common.CI.AzurePipelines;
using Nuke.Common.Execution;
using Nuke.Common.IO;
using Nuke.Common.Utilities;

public sealed class SampleConfigurationAttribute : ConfigurationAttributeBase
{
    // Each test has its own folder; most of them have nothing to generate.
    public SampleConfigurationAttribute() => AutoGenerate = EnvironmentInfo.HasVariable("SAMPLE_GENERATES");

    public override string IdPostfix => "sample";
    public override Type HostType => typeof(AzurePipelines);
    public override AbsolutePath ConfigurationFile => Build.RootDirectory / "sample.yml";
    public override IEnumerable<AbsolutePath> GeneratedFiles => [ConfigurationFile];
    public override IEnumerable<string> RelevantTargetNames => ["Third"];
    public override IEnumerable<string> IrrelevantTargetNames => ["First"];

    public override CustomFileWriter CreateWriter(StreamWriter streamWriter) => new(streamWriter, indentationFactor: 2, commentPrefix: "#");

    public override ConfigurationEntity GetConfiguration(IReadOnlyCollection<ExecutableTarget> relevantTargets)
    {
        Assert.False(EnvironmentInfo.HasVariable("SAMPLE_GENERATOR_FAILS"), "the generator failed");
        return new SampleConfiguration(relevantTargets.Select(x => x.Name));
    }

    private sealed class SampleConfiguration(IEnumerable<string> targets) : ConfigurationEntity
    {
        public override void Write(CustomFileWriter writer)
        {
            writer.WriteLine("targets:");
            using (writer.Indent())
            {
                foreach (var target in targets)
                    writer.WriteLine($"- {target}");
            }
        }
    }
}
