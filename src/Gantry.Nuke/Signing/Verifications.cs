using Gantry.Environments;
using Gantry.Formatting;
using Gantry.Nuke.Environments;
using Gantry.Nuke.Execution;
using Gantry.Nuke.Registries;
using Gantry.Nuke.Reporting;
using Gantry.Releases;
using Gantry.Verification;

namespace Gantry.Nuke.Signing;

/// <summary>Verifies releases from the registries, and writes the policy that others can do it with.</summary>
/// <param name="registries">The registries of the build.</param>
/// <param name="keys">Its keys.</param>
/// <param name="images">The names of its images.</param>
internal sealed class Verifications(RegistrySettings registries, SigningKeys keys, IReadOnlyList<string> images)
{
    /// <summary>
    /// Verifies a release and prints its way, one story for each image. Throws the gravest finding after that.
    /// </summary>
    /// <param name="release">The release.</param>
    /// <param name="file">Receives the same as JSON.</param>
    /// <param name="writer">Writes the report that the parameters ask for.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task VerifyAsync(Release release, AbsolutePath file, ReportWriter writer, CancellationToken cancellationToken)
    {
        var reader = new ReleaseChainReader(
            RegistryAccess.Of(registries).Client, await PolicyAsync(cancellationToken), TimeProvider.System)
        {
            ClientOf = environment => RegistryAccess.Of(registries, environment).Client,
        };
        var chains = new List<ReleaseChain>();
        foreach (var image in release.Images)
        {
            var chain = await reader.ReadAsync(image.Name, image.Digest, release.Version, cancellationToken);
            foreach (var line in ReleaseChainFormatter.Describe(chain))
                BuildOutput.Information(line);
            chains.Add(chain);
        }

        file.Parent.CreateDirectory();
        var document = ReleaseChainDocument.Of(chains);
        await File.WriteAllTextAsync(file, document.ToJsonString() + "\n", cancellationToken);
        if (writer.IsAsked)
            writer.Write(Describe(chains), document, ReleaseChainChecks.Of(chains));
        if (chains.SelectMany(chain => chain.Findings).Where(finding => finding.Kind != ChainFindingKind.Ignored)
            .MinBy(finding => finding.Kind) is { } gravest)
            throw gravest.Error;
    }

    private static TextReport Describe(IEnumerable<ReleaseChain> chains) => new(
        "Verification",
        [.. chains.Select(chain => new ReportList(
            [.. ReleaseChainFormatter.Describe(chain).Select(line => new ReportItem(new(line)))]))]);

    /// <summary>Writes the policy to a file, and beside the images of a release.</summary>
    /// <param name="file">The file.</param>
    /// <param name="release">The release; null for the file alone.</param>
    /// <param name="source">The sources that declare the environments; null when they are not known.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task ExportAsync(AbsolutePath file, Release? release, PolicyOrigin? source, CancellationToken cancellationToken)
    {
        var policy = await PolicyAsync(cancellationToken);
        var document = PolicyDocument.Of(policy) with
        {
            Source = source, AttestationTags = keys.AttestationTags, Notation = keys.SignsWithCertificates,
        };
        document = await document.WithGateKeysAsync(policy.Targets, registries.Build.RootDirectory, cancellationToken);
        file.Parent.CreateDirectory();
        await File.WriteAllBytesAsync(file, document.ToJson(), cancellationToken);
        foreach (var image in release?.Images ?? [])
        {
            var repository = RegistryAccess.Of(registries).Client.Open(registries.Base, image.Name);
            var stored = await PolicyReferrer.PutAsync(
                repository, image.Descriptor, document, TimeProvider.System.GetUtcNow(), cancellationToken);
            BuildOutput.Information($"{repository.Location}@{stored} has the environments, for gantry --environments");
        }
    }

    /// <summary>Returns the environments with their registries and trusted keys.</summary>
    public async Task<VerificationPolicy> PolicyAsync(CancellationToken cancellationToken)
    {
        var targets = new List<PromotionTarget>();
        foreach (var environment in EnvironmentDeclarations.Of(registries.Build) ?? EnvironmentSet.Create([]))
            targets.AddRange(await keys.TargetsOfAsync(environment, cancellationToken));
        return new VerificationPolicy
        {
            Base = registries.Base,
            BaseTrust = (await keys.OfBuildAsync(cancellationToken)).Trust,
            Images = images,
            Targets = targets,
        };
    }
}
