using Gantry.Attestations;
using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Releases;

/// <summary>
/// Writes the provenance of published images and the documents beside them. What is there already, by a trusted key and with the same
/// content, is not written again.
/// </summary>
/// <param name="request">The release.</param>
/// <param name="now">The present time, to the second.</param>
internal sealed class ReleaseAttestor(PublishRequest request, DateTimeOffset now)
{
    private const string RebasedRelease = "rebased release";

    /// <summary>
    /// Ensures, before anything is written, that the base registry trusts the key of the build now; throws <c>GAN4228</c> otherwise.
    /// </summary>
    public async Task EnsureSignableAsync(CancellationToken cancellationToken)
    {
        if (request.Signing is { } signing)
            await signing.Trust.RequireTrustedAsync("the base registry", signing.Signer, now, cancellationToken);
    }

    /// <summary>Returns what is missing beside an image that is in its repository.</summary>
    /// <param name="image">The image.</param>
    /// <param name="target">The repository.</param>
    /// <param name="isThere">True when the image is there; nothing is beside one that is not.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<IReadOnlyList<MissingAttestation>> FindMissingAsync(
        ImageToPublish image, IImageRepository target, bool isThere, CancellationToken cancellationToken)
    {
        var missing = new List<MissingAttestation>();
        foreach (var document in image.Documents)
        {
            var manifest = ToArtifact(document);
            if (!isThere || !await target.HasManifestAsync(manifest.Descriptor.Digest, cancellationToken))
                missing.Add(new MissingAttestation(document.Subject, manifest, document.Content.ToArray()));
            if (request.Signing is not null
                && !(isThere && await IsSignedAsync(target, document.Subject.Digest, document.PredicateType, found =>
                    IsSame(found, document), cancellationToken)))
                missing.Add(new MissingAttestation(document.Subject, document.PredicateType, document.Content.ToArray(), document.Created));
        }

        if (request.Signing is { } signing)
        {
            var subject = image.Image.Root.Descriptor;
            var provenance = ToProvenance(image, signing);
            if (!(isThere && await IsSignedAsync(target, subject.Digest, PredicateTypes.Provenance, found =>
                Provenance.Read(found).HasSameDefinition(provenance), cancellationToken)))
                missing.Add(new MissingAttestation(subject, PredicateTypes.Provenance, provenance.ToJson(), now));
        }

        return missing;
    }

    /// <summary>Writes what is missing.</summary>
    public async Task WriteAsync(
        ImageToPublish image, IImageRepository target, IReadOnlyList<MissingAttestation> missing, CancellationToken cancellationToken)
    {
        var name = ResourceUri.NameOf(ResourceUri.For(request.Base, image.Name, "base"));
        foreach (var attestation in missing)
        {
            if (attestation.Manifest is { } document)
            {
                await DocumentArtifact.PutAsync(target, document, attestation.Content, cancellationToken);
                continue;
            }

            var statement = Statement.Write(
                new StatementSubject(name, attestation.Subject.Digest), attestation.PredicateType!, attestation.Content);
            var bundle = await SigstoreBundle.SignAsync(statement, request.Signing!.Signer, cancellationToken);
            var manifest = AttestationReferrer.Create(
                bundle, attestation.Subject, attestation.PredicateType!, attestation.Created,
                [new(DocumentArtifact.VersionAnnotation, request.Version)]);
            await AttestationReferrer.PutAsync(target, manifest, bundle, cancellationToken);
        }
    }

    private async Task<bool> IsSignedAsync(
        IImageRepository target, Digest subject, string predicateType, Func<Attestation, bool> isSame, CancellationToken cancellationToken)
    {
        var found = await AttestationReferrer.FindAsync(target, subject, predicateType, cancellationToken);
        return found.Attestations.Any(Counts);

        bool Counts(Attestation attestation)
        {
            try
            {
                return request.Signing!.Trust.HasSigned(attestation) && attestation.Statement.IsAbout(subject) && isSame(attestation);
            }
            catch (GantryException)
            {
                // What cannot be read is not the same: another one is written beside it.
                return false;
            }
        }
    }

    private static bool IsSame(Attestation attestation, PublishedDocument document)
    {
        using var expected = System.Text.Json.JsonDocument.Parse(document.Content);
        return System.Text.Json.JsonElement.DeepEquals(attestation.Statement.Predicate, expected.RootElement);
    }

    private static ManifestContent ToArtifact(PublishedDocument document) => DocumentArtifact.Create(
        document.MediaType,
        document.Content.Span,
        document.Subject,
        new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            [DocumentArtifact.CreatedAnnotation] = Format.Rfc3339(document.Created),
        });

    private Provenance ToProvenance(ImageToPublish image, ReleaseSigning signing) => new()
    {
        BuildDefinition = new BuildDefinition
        {
            BuildType = image.Definition?.RebasedFrom is null ? PredicateTypes.ImageBuild : PredicateTypes.ImageRebase,
            ExternalParameters = new BuildParameters
            {
                Source = signing.Source,
                Version = request.Version,
                Image = image.Name,
                Project = image.Definition?.Project,
                Dockerfile = image.Definition?.Dockerfile,
                Platforms = [.. image.Image.Platforms.Select(platform => platform.ToString())],
                BuildArguments = image.Definition?.BuildArguments is { Count: > 0 } arguments
                    ? new SortedDictionary<string, string>(arguments.ToDictionary(), StringComparer.Ordinal)
                    : null,
                RebasedFrom = image.Definition?.RebasedFrom?.Version,
            },
            InternalParameters = signing.Parameters,
            ResolvedDependencies = [.. DependenciesOf(image, signing)],
        },
        RunDetails = new RunDetails
        {
            Builder = signing.Builder with { Version = signing.Builder.Version ?? GantryVersion.Named },
            Metadata = new RunMetadata { InvocationId = request.BuildUrl, FinishedOn = now },
            Byproducts = image.Documents.Select(Describe).Concat(image.Definition?.Byproducts ?? []).ToList() is { Count: > 0 } byproducts
                ? byproducts
                : null,
        },
    };

    private static ResourceDescriptor Describe(PublishedDocument document) =>
        ResourceDescriptor.Of(document.MediaType, Digest.Of(document.Content.Span)) with { Uri = null, Name = document.MediaType };

    private IEnumerable<ResourceDescriptor> DependenciesOf(ImageToPublish image, ReleaseSigning signing)
    {
        var source = signing.Source is { } known ? $"{known.Uri}{(known.Ref is { } reference ? "@" + reference : "")}" : null;
        yield return ResourceDescriptor.OfCommit(source, request.Commit);
        if (image.Definition?.RebasedFrom is { } release)
            yield return ResourceDescriptor.Of($"{release.Uri}@{release.Digest}", release.Digest) with
            {
                Name = RebasedRelease,
            };
        foreach (var from in image.Image.BaseImages)
        {
            if (from.Digest is { } digest)
                yield return ResourceDescriptor.Of(PackageUrl(from, digest), digest) with { Name = Provenance.BaseImageName };
        }

        foreach (var dependency in image.Definition?.Dependencies ?? [])
            yield return dependency;
    }

    private static string PackageUrl(ImageReference image, Digest digest)
    {
        var repository = (image with { Digest = null, Tag = null }).ToString();
        return $"pkg:oci/{repository.Split('/')[^1]}@{Uri.EscapeDataString(digest.ToString())}"
            + $"?repository_url={Uri.EscapeDataString(repository)}";
    }
}

/// <summary>A document or an attestation that is not beside an image yet.</summary>
internal sealed record MissingAttestation
{
    public MissingAttestation(Descriptor subject, ManifestContent document, byte[] content) =>
        (Subject, Manifest, Content) = (subject, document, content);

    public MissingAttestation(Descriptor subject, string predicateType, byte[] predicate, DateTimeOffset created) =>
        (Subject, PredicateType, Content, Created) = (subject, predicateType, predicate, created);

    public Descriptor Subject { get; }

    /// <summary>The artifact of a document that is published as it is; null for an attestation.</summary>
    public ManifestContent? Manifest { get; }

    /// <summary>The type of the predicate of an attestation; null for a document.</summary>
    public string? PredicateType { get; }

    /// <summary>The document, or the predicate.</summary>
    public byte[] Content { get; }

    /// <summary>The time of the attestation.</summary>
    public DateTimeOffset Created { get; }
}
