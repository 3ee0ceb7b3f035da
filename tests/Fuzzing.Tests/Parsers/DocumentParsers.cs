using System.Text;
using System.Text.Json;
using Gantry;
using Gantry.Attestations;
using Gantry.Attestations.Approvals;
using Gantry.Attestations.Notation;
using Gantry.Attestations.Rebuilds;
using Gantry.AzurePipelines.Yaml;
using Gantry.Copying;
using Gantry.Deployments.Git;
using Gantry.Docker.Building;
using Gantry.Environments;
using Gantry.Images.Configuration;
using Gantry.Images.Context;
using Gantry.Images.Dockerfiles;
using Gantry.Images.Sboms;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Promotion.Gates;
using Gantry.Registries;
using Gantry.Registries.Layout;
using Gantry.Releases;
using Gantry.Sboms;
using Gantry.Syncing;
using Gantry.Verification;
using Google.Protobuf;

namespace Fuzzing.Tests.Parsers;

/// <summary>Parsers of documents: manifests, records, Dockerfiles.</summary>
internal static class DocumentParsers
{
    private static readonly string[] s_paths = ["a", "a/b", "a/b.txt", ".git/config", "src/App/bin/x.dll", "é/ü", "-"];

    private static readonly HelmValuesCommitDeployment s_values = new("https://contoso.com/shop.git", "values.yaml", "web.image.digest")
    {
        RepositoryKey = "web.image.repository",
        TagKey = "jobs[0].image.tag",
    };

    public static IReadOnlyList<Parser> All { get; } =
    [
        Parser.OfBytes("manifest", ReadManifest),
        Parser.OfBytes("layout-index", bytes =>
        {
            var index = LayoutIndex.Parse(bytes, "index.json");
            Assert.Equal(index.Entries.Count, LayoutIndex.Parse(index.ToBytes(), "index.json").Entries.Count);
        }),
        Parser.OfBytes("layout-version", bytes => LayoutVersion.Check(bytes, "folder")),
        Parser.OfBytes("release-record", bytes =>
        {
            var release = ReleaseRecord.Read(bytes, "the record");
            var written = ReleaseRecord.Write(release);
            Assert.Equal(written, ReleaseRecord.Write(ReleaseRecord.Read(written, "the record")));
        }),
        Parser.OfBytes("promotion-record", bytes =>
        {
            var written = PromotionRecord.Read(bytes, "the record").ToJson();
            Assert.Equal(written, PromotionRecord.Read(written, "the record").ToJson());
        }),
        Parser.OfBytes("environments", bytes =>
        {
            var written = PolicyDocument.Of(PolicyDocument.Read(bytes, "the file").ToPolicy("the file")).ToJson();
            Assert.Equal(written, PolicyDocument.Of(PolicyDocument.Read(written, "the file").ToPolicy("the file")).ToJson());
        }),
        Parser.OfText("kustomization", text => Kustomization.FindImage("kustomization.yaml", text, "app")),
        Parser.OfText("helm-values", text => HelmValues.FindImage("values.yaml", text, s_values)),
        Parser.OfText("pipeline", text => YamlReader.Read(text)) with { Refusals = [typeof(YamlSyntaxException)] },
        Parser.OfBytes("sync-file", bytes => SyncFile.Read(Encoding.UTF8.GetString(bytes), "sync.yml", _ => null)),
        Parser.OfBytes("sigstore-bundle", bytes => SigstoreBundle.Read(bytes, "the bundle")),
        Parser.OfBytes("statement", bytes => Statement.Read(bytes, "the statement")),
        Parser.OfBytes("notation-signature", bytes => NotationSignature.Read(bytes, "the signature")),
        Parser.OfBytes("approval", bytes =>
        {
            var written = ReadPredicate(bytes, ApprovalPredicate.Read)?.ToJson() ?? [];
            Assert.Equal(written, ReadPredicate(written, ApprovalPredicate.Read)?.ToJson() ?? []);
        }),
        Parser.OfBytes("rebuild", bytes =>
        {
            var written = ReadPredicate(bytes, RebuildPredicate.Read)?.ToJson() ?? [];
            Assert.Equal(written, ReadPredicate(written, RebuildPredicate.Read)?.ToJson() ?? []);
        }),
        Parser.OfBytes("scan", bytes => ForeignJson.Read(bytes, Scan.ReadPredicate)) with { Refusals = [typeof(InvalidDataException)] },
        Parser.OfBytes("scan-report", bytes => ForeignJson.Read(bytes, ScanReport.Read)) with { Refusals = [typeof(InvalidDataException)] },
        Parser.OfBytes("cyclonedx", ReadComponents),
        Parser.OfText("gate-answer", text => GateAnswer.TryRead(text)),
        Parser.OfText("dockerfile", ReadDockerfile),
        Parser.OfText("dockerignore", text =>
        {
            var rules = IgnoreRules.Parse(".dockerignore", text);
            foreach (var path in s_paths)
                rules.Excludes(path);
        }),
        Parser.OfBytes("sbom", bytes =>
        {
            var written = SbomDocument.Read(bytes, "the SBOM").ToJson();
            Assert.Equal(written, SbomDocument.Read(written, "the SBOM").ToJson());
        }),
        Parser.OfBytes("deps-file", bytes => DepsFileReader.Read(bytes)) with { Refusals = [typeof(InvalidDataException)] },
        Parser.OfBytes("os-release", bytes => Assert.NotEmpty(OsRelease.Parse(bytes).Id)),
        Parser.OfBytes("dpkg-status", bytes => ReadPackages(bytes, DebianPackages.Read)),
        Parser.OfBytes("apk-installed", bytes => ReadPackages(bytes, AlpinePackages.Read)),
        Parser.OfBytes("rpm-manifest", bytes => ReadPackages(bytes, RpmManifest.Read)),
        Parser.OfBytes("chisel-manifest", bytes => ReadPackages(bytes, (content, _) => ChiselManifest.Read(content))) with
        {
            Refusals = [typeof(InvalidDataException)],
        },
        Parser.OfBytes("buildkit", bytes => BuildKitTrace.Parse(bytes)) with { Refusals = [typeof(InvalidProtocolBufferException)] },
        new("docker-config", async bytes =>
        {
            using var folder = new Gantry.Testing.TempFolder();
            var credentials = new DockerConfigCredentials(folder.Write("config.json", bytes));
            foreach (var host in (string[])["a.io", "localhost:5000", "docker.io"])
                await credentials.FindAsync(host, CancellationToken.None);
        }) { Inputs = 500 },
    ];

    private static void ReadPackages(
        byte[] bytes, Func<ReadOnlyMemory<byte>, Action<string>, IEnumerable<OsPackage>> read) =>
        Assert.All(read(bytes, Assert.NotEmpty), package =>
        {
            Assert.Equal(DisplayText.Neutralize(package.Name), package.Name);
            Assert.Equal(DisplayText.Neutralize(package.Version), package.Version);
        });

    private static void ReadManifest(byte[] bytes)
    {
        var manifest = ManifestContent.FromVerified(
            ManifestInspector.MediaTypeOf(bytes, declared: null, "the test"), Digest.Of(bytes), bytes);
        ManifestLinks.Read(manifest);
        if (manifest.IsIndex)
            manifest.ReadIndex();
        else
            manifest.ReadManifest();
    }

    private static T? ReadPredicate<T>(byte[] bytes, Func<JsonElement, string, T> read)
        where T : class
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(bytes, new JsonDocumentOptions { AllowDuplicateProperties = false });
        }
        catch (JsonException)
        {
            // A statement has a predicate that is JSON.
            return null;
        }

        using (document)
            return read(document.RootElement, "the attestation");
    }

    private static void ReadComponents(byte[] bytes)
    {
        var rule = new PackageRule("pkg:npm/event-*", "1.*");
        foreach (var component in SbomDocument.Read(bytes, "the SBOM").Components)
        {
            PackageMatcher.Matches(rule, component);
            foreach (var license in component.Licenses)
                LicenseExpression.IsForbidden(license.Text, one => one == "GPL-3.0-only");
        }
    }

    private static void ReadDockerfile(string text)
    {
        var document = DockerfileParser.Parse("Dockerfile", text);
        if (document.From is null || document.EngineRequirement is not null)
            return;
        var stage = DockerfileStage.Begin(document, Platform.LinuxAmd64, new Dictionary<string, string> { ["VERSION"] = "1.2.3" });
        StageEvaluator.Evaluate(document.Instructions, new ContainerConfig { Env = ["PATH=/usr/bin", "HOME=/root"] }, stage.Scope);
    }
}
