using Gantry.Copying;
using Gantry.Deployments;
using Gantry.Environments;
using Gantry.Holds;
using Gantry.IO;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Releases;
using Gantry.Signing;

namespace Gantry.Promotion;

/// <summary>Plans promotions. Writes nothing.</summary>
/// <param name="repositories">The client that opens registries.</param>
/// <param name="time">The clock for gates; the system clock by default.</param>
public sealed class PromotionPlanner(IRegistryClient repositories, TimeProvider? time = null)
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <summary>Plans the deployments; required for environments that declare any (<c>GAN4075</c> otherwise).</summary>
    public DeploymentPlanner? Deployments { get; init; }

    /// <summary>
    /// The evaluators of the caller's own gates. They come before the shipped ones.
    /// </summary>
    public IReadOnlyList<IGateEvaluator> Evaluators { get; init; } = [];

    /// <summary>The files with the public keys that gates trust; those below the current folder by default.</summary>
    public KeyFiles Keys { get; init; } = new(".");

    /// <summary>
    /// Creates a plan. Throws <c>GAN4021</c> when the base tag does not point to the released digest, <c>GAN4023</c> for a stand-in base
    /// image and a real registry, <c>GAN4024</c> when the release was not promoted to the previous environment, <c>GAN4025</c> for a locked
    /// tag, <c>GAN4026</c> for a lock that the registry does not support, <c>GAN4035</c> for a tag that exists with another digest,
    /// <c>GAN4066</c> when an older release would replace the current one without a reason, <c>GAN4067</c> when the order is not known,
    /// <c>GAN4095</c> when the deployments of the previous environment are not done, <c>GAN4621</c> when an earlier wave of regions does
    /// not have the release, <c>GAN5002</c> when a soak time is not over,
    /// <c>GAN5003</c> when it cannot be determined, <c>GAN5015</c> for a release of the future, and the errors of registries and
    /// deployers. The previous environment and the gates are checked only when something changes.
    /// </summary>
    /// <remarks>An environment that is held gives a plan that says so (<see cref="PromotionPlan.IsHeld"/>).</remarks>
    /// <exception cref="ArgumentException">The request has targets of several environments, or leaves out a registry of the previous
    /// environment or of an earlier wave.</exception>
    public async Task<PromotionPlan> PlanAsync(PromotionRequest request, CancellationToken cancellationToken)
    {
        if (request.Targets.Count == 0 || request.Targets.Any(target => target.Environment != request.Environment))
            throw new ArgumentException("A promotion has targets of one environment.", nameof(request));
        PreviousEnvironmentVerifier.EnsureComplete(request);
        EarlierWaveVerifier.EnsureComplete(request);

        // Its promotions would be from before its publication, and none of them would count.
        ReleaseFinder.RequirePast(request.Release, _time);

        if (request is { Slice: not null, Returns: true })
            throw new ArgumentException("A return has no slices.", nameof(request));
        request = await new ReleaseSlicer(repositories).TakeAsync(request, cancellationToken);

        // Promotion records describe one registry and are not copied. They are beside the images of the base registry when an environment
        // uses the same registry.
        var options = request.Options;
        request = request with
        {
            Options = options with
            {
                ExcludedArtifactTypes = [.. options.ExcludedArtifactTypes, PromotionReferrer.ArtifactType],
                ExcludedAnnotations = [.. options.ExcludedAnnotations, PromotionReferrer.EnvironmentAnnotation],
            },
        };

        foreach (var image in request.Release.Images.Where(image => image.StandIn))
        {
            foreach (var target in request.Targets)
                StandInGuard.EnsureNotStandIn(image.Name, target.Address);
        }

        var sources = await Concurrently.SelectAsync(
            request.Release.Images, (image, token) => ReadSourceAsync(request, image, token), cancellationToken);
        var reads = new ReadOnceClient(repositories);

        // All registries at the same time: the first ones do not have the others wait, nor a slow one.
        var ofTargets = await Concurrently.SelectAsync(
            request.Targets,
            (target, token) => PlanTargetAsync(request, sources, target, reads, token),
            cancellationToken,
            atOnce: request.Targets.Count);
        IReadOnlyList<ImagePlan> images = [.. ofTargets.SelectMany(ofTarget => ofTarget)];
        var rollbacks = new RollbackDetector(repositories, _time);
        images = await rollbacks.MarkAsync(request, RecordTogether(images), reads, cancellationToken);
        if (request.Returns)
            await rollbacks.EnsureReturnsAsync(request, images, reads, cancellationToken);
        if (request.Slice is not null)
            images = [.. images.Select(image => image with { IsOnlyPlaced = true, RollsBackFrom = null })];
        var plan = new PromotionPlan(request, images, rollbacks)
        {
            Deployment = await PlanDeploymentAsync(request, images, cancellationToken),
            Gates = [.. request.Environment.Gates.Select(gate => new PlannedGate(gate))],
        };
        plan = await AddHoldsAsync(plan, cancellationToken);
        if (plan.IsHeld)
            return plan;
        if (!plan.ChangesNothing)
            return await VerifyAsync(plan, sources, reads, cancellationToken);

        // The hosts may still have to be recorded, and holds to be set or ended, which is signed, too.
        if (!plan.WritesNothing)
            await PromotionAttestor.EnsureSignableAsync(request, _time.GetUtcNow(), cancellationToken);
        return request.Slice is null ? await CatchUpAsync(plan, sources, reads, cancellationToken) : plan;
    }

    // Whatever the request says, the registries are the proof.
    private async Task<PromotionPlan> VerifyAsync(
        PromotionPlan plan, IReadOnlyList<Source> sources, ReadOnceClient reads, CancellationToken cancellationToken)
    {
        var request = plan.Request;

        // A slice records nothing, which needs no key.
        if (request.Slice is null)
            await PromotionAttestor.EnsureSignableAsync(request, _time.GetUtcNow(), cancellationToken);
        var skipped = new SkippedChecks(request.BreakGlassReason);
        var earlier = request.Returns ? await FindEarlierStayAsync(plan, cancellationToken) : null;
        var evidence = earlier?.Evidence ?? await skipped.TryAsync(
            () => FindEvidenceAsync(request, sources, cancellationToken), _ => new Dictionary<string, Evidence>());
        var reached = await skipped.TryAsync(
            () => new EarlierWaveVerifier(repositories, _time).RequireReleaseAsync(
                request, request.EarlierWaves, request.Targets[0], cancellationToken),
            _ => new Dictionary<PromotionTarget, DateTimeOffset>());
        var context = new GateContext(request, repositories, _time)
        {
            Keys = Keys,
            BuilderKeys = [.. (request.BaseTrust?.Keys ?? []).Select(key => key.Key)],
            EarlierStay = earlier?.Finding,
            ExcludedApprovers = request.Signer is { } promoter ? [await promoter.GetPublicKeyAsync(cancellationToken)] : [],
        };
        var gates = request.ReturnCause is null
            ? await new GateEvaluators(Evaluators).EvaluateAsync(context, skipped, cancellationToken)
            : GatesOfAutomaticReturn(request, earlier ?? throw ReturnErrors.NeverThere(request));
        var isSigned = request.Slice is null && request.Targets.Any(target => target.Trust is not null);

        // Where nothing is skipped any more, a release that was let in past a check is recorded again, at the targets where it was.
        var isNormal = skipped.Record is null && gates.All(gate => gate.Verdict != GateVerdict.Overridden);
        var images = isNormal
            ? RecordTogether([.. plan.ImagePlans.Select(image =>
                image.LastRecord?.IsOpenBypass == true ? image with { WritesRecord = true } : image)])
            : plan.ImagePlans;
        return new PromotionPlan(request, await LinkAsync(images, reads, cancellationToken), plan)
        {
            CatchesUp = isNormal && images.Any(image => image.LastRecord?.IsOpenBypass == true),
            EvidenceByImage = evidence,
            EarlierWaves = reached,
            Gates = gates,
            BreakGlass = skipped.Record,
            SignedBy = isSigned ? await request.Signer!.GetPublicKeyAsync(cancellationToken) : null,
        };
    }

    // Nothing is asked of holds when nothing is written: most runs of a pipeline find everything in place.
    private async Task<PromotionPlan> AddHoldsAsync(PromotionPlan plan, CancellationToken cancellationToken)
    {
        var request = plan.Request;
        if (plan.IsPassed || (plan.WritesNothing && !request.IsNamed && !request.Returns))
            return plan;
        var images = request.Release.Images.Select(image => image.Name).ToList();
        var states = await Concurrently.SelectAsync(
            request.Targets,
            (target, token) => new HoldReader(repositories, _time).ReadAsync(target, images, token),
            cancellationToken);
        return plan with
        {
            Holds = [.. states.Where(state => state.KeepsOut(request.Release.Version))],
            HeldTargets = request.Returns
                ? [.. states.Where(state => state.Open?.Version != request.Release.Version).Select(state => state.Target)]
                : [],
        };
    }

    private sealed record EarlierStay(string Finding, IReadOnlyDictionary<string, Evidence> Evidence);

    // A record beside each image at each target is the proof that the release came there by all that was asked of it.
    private async Task<EarlierStay?> FindEarlierStayAsync(PromotionPlan plan, CancellationToken cancellationToken)
    {
        var found = await Concurrently.SelectAsync(
            plan.ImagePlans,
            async (image, token) => (image.Image.Name, Record: image.LastRecord ?? Latest(await FindRecordsAsync(
                plan.Request, image.PromotionTarget, image.Target.Repository, image.Image.Digest, token))),
            cancellationToken);
        if (found.Any(image => image.Record is null))
            return null;
        var latest = found.Max(image => image.Record!.Promoted);
        return new EarlierStay(
            $"passed before: the release was promoted to {plan.Request.Environment.DisplayName} at {Format.Time(latest)}",
            found
                .GroupBy(image => image.Name, image => Evidence.Of(image.Record!.Signature))
                .ToDictionary(image => image.Key, image => image.Aggregate(Evidence.None, (all, one) => all.With(one))));
    }

    private static IReadOnlyList<PlannedGate> GatesOfAutomaticReturn(PromotionRequest request, EarlierStay earlier) =>
    [
        .. request.Environment.Gates.Select(gate => new PlannedGate(gate)
        {
            Verdict = GateVerdict.Approved,
            Reason = request.GoBackReason,
            Finding = earlier.Finding,
        }),
    ];

    private async Task<IReadOnlyDictionary<string, Evidence>> FindEvidenceAsync(
        PromotionRequest request, IReadOnlyList<Source> sources, CancellationToken cancellationToken)
    {
        if (request.Environment.After is not null)
            return await new PreviousEnvironmentVerifier(repositories, _time).RequireReleaseAsync(request, cancellationToken);
        if (request.BaseTrust is not { } trust)
            return new Dictionary<string, Evidence>();
        var verifier = new ProvenanceVerifier(trust, _time.GetUtcNow());
        var evidence = await Concurrently.SelectAsync(
            sources,
            async (source, token) => (source.Image.Name, Evidence: await verifier.RequireAsync(
                request.Release,
                source.Image,
                source.Images.Repository,
                await source.Content.ReadAttachmentsAsync(token),
                token)),
            cancellationToken);
        return evidence.ToDictionary(image => image.Name, image => image.Evidence);
    }

    // What a person has let pass is reported until the release has come the normal way. It has when all of it holds now: answers that
    // others gave then still count, and a check that was skipped has to hold. Otherwise everything stays as it is.
    private async Task<PromotionPlan> CatchUpAsync(
        PromotionPlan plan, IReadOnlyList<Source> sources, ReadOnceClient reads, CancellationToken cancellationToken)
    {
        if (plan.IsPassed || !plan.ImagePlans.Any(image => image.LastRecord?.IsOpenBypass == true))
            return plan;
        try
        {
            var request = plan.Request with { BreakGlassReason = null, OverrideSoakReason = null };
            var normal = await VerifyAsync(new PromotionPlan(request, plan.ImagePlans, plan), sources, reads, cancellationToken);
            var answers = plan.ImagePlans[0].LastRecord!.Gates;
            var gates = normal.Gates.Select(gate => gate.IsOpen ? gate.AnsweredAs(answers) : gate).ToList();
            return gates.Any(gate => gate.IsOpen) ? plan : normal with { Gates = gates, IsDecided = true, CatchesUp = true };
        }
        catch (GantryException)
        {
            // The normal way is not open yet, and nothing was asked of it.
            return plan;
        }
    }

    private Task<IReadOnlyList<ImagePlan>> LinkAsync(
        IReadOnlyList<ImagePlan> images, ReadOnceClient reads, CancellationToken cancellationToken) =>
        Concurrently.SelectAsync(
            images,
            async (image, token) => image.WritesRecord && image.PromotionTarget.Trust is not null
                ? image with { Previous = await FindPreviousAsync(image, reads, token) }
                : image,
            cancellationToken);

    // The history of the target was read before, to see which release is the current one.
    private Task<Digest?> FindPreviousAsync(ImagePlan image, ReadOnceClient reads, CancellationToken cancellationToken) =>
        new PreviousAttestationFinder(RecordScope.Of(image.PromotionTarget, _time.GetUtcNow())).FindAsync(
            reads.Open(image.PromotionTarget.Address, image.Image.Name),
            ReleaseTag.VersionOf(image.Target.Tag!),
            image.LastRecord is { } last ? [last] : [],
            cancellationToken);

    private sealed record Source(ReleaseImage Image, ImageSource Images, ManifestContent Root, PlannedSource Content);

    private async Task<Source> ReadSourceAsync(PromotionRequest request, ReleaseImage image, CancellationToken cancellationToken)
    {
        var source = new ImageSource(repositories.Open(request.Base, image.Name), request.Options);
        var found = request.Release.BaseManifests.GetValueOrDefault(source.Repository.Location);
        var root = found?.Descriptor.Digest == image.Digest
            ? found
            : await BaseTags.RequireBaseTagAsync(source.Repository, request.Release.Tag, image.Digest, cancellationToken);
        return new Source(image, source, root, new PlannedSource(source, root, request.Release.Tag, request.Options));
    }

    private async Task<DeploymentPlan> PlanDeploymentAsync(
        PromotionRequest request, IReadOnlyList<ImagePlan> images, CancellationToken cancellationToken)
    {
        if (!request.Environment.HasHosts || request.Slice is not null || images.Any(image => image.FollowedBy is not null))
            return DeploymentPlan.Empty;
        var planner = Deployments
            ?? throw DeploymentErrors.NoDeployer(
                request.Environment.Deployments is [var first, ..] ? first.Description : request.Environment.HealthChecks[0].Description);

        var targets = images.GroupBy(image => image.PromotionTarget).Select(ofTarget => new DeploymentTarget(ofTarget.Key)
        {
            Moves = ofTarget.Any(image => !image.NothingMoves),
            IsRecorded = ofTarget.All(image => image.LastRecord?.Hosts is not null),
        });
        var regions = request.Targets.Count + (request.Returns ? 0 : request.EarlierWaves.Count);
        return await planner.PlanAsync(
            request.Release, [.. targets], coversAll: regions == request.Environment.Regions.Count, cancellationToken);
    }

    private async Task<IReadOnlyList<ImagePlan>> PlanTargetAsync(
        PromotionRequest request, IReadOnlyList<Source> sources, PromotionTarget to, ReadOnceClient reads,
        CancellationToken cancellationToken)
    {
        var known = await new UnchangedImageFinder(reads, _time).FindAsync(request, to, cancellationToken);
        return await Concurrently.SelectAsync(
            sources,
            (source, token) => known.GetValueOrDefault(source.Image.Name) is ImagePresence.Unchanged
                ? PlanUnchangedAsync(request, source, to, token)
                : PlanImageAsync(request, source, to, isNew: known.ContainsKey(source.Image.Name), token),
            cancellationToken);
    }

    // The image was promoted here with another release. What has been added to it since is found when it is promoted again.
    private async Task<ImagePlan> PlanUnchangedAsync(
        PromotionRequest request, Source source, PromotionTarget to, CancellationToken cancellationToken)
    {
        var target = TargetOf(request, source, to);
        await target.Repository.EnsureReferrersAreKeptAsync(source.Image.Digest, isThere: true, cancellationToken);
        return new ImagePlan
        {
            Image = source.Image,
            Source = source.Images.Repository,
            PromotionTarget = to,
            Target = target,
            TagBefore = null,
            Manifests = [],
            Blobs = [],
            Lock = await new LockPlanner(request).PlanAsync(
                to.Address, source.Image.Name, target, tagBefore: null, source.Image.Digest, cancellationToken),
            Attachments = [],
            MissingAttachments = [],
            Unread = source.Content,
            Graph = null,
            Root = source.Root,
            WritesRecord = true,
        };
    }

    private CopyTarget TargetOf(PromotionRequest request, Source source, PromotionTarget to) =>
        new(repositories.Open(to.Address, source.Image.Name), request.Release.Tag) { MoveTagReason = request.MoveTagReason };

    // New: the repository has no tag, so that nothing else is asked of it. What it has all the same is found when it is written.
    private async Task<ImagePlan> PlanImageAsync(
        PromotionRequest request, Source source, PromotionTarget to, bool isNew, CancellationToken cancellationToken)
    {
        var digest = source.Image.Digest;
        var target = TargetOf(request, source, to);
        var tagged = isNew ? null : await target.FindTagAsync(digest, cancellationToken);

        var there = !request.Options.Deep && !isNew
            && (tagged?.Digest == digest || await target.Repository.HasManifestAsync(digest, cancellationToken));

        // A promotion writes a record. Where it could not be found again, nothing is promoted.
        await target.Repository.EnsureReferrersAreKeptAsync(digest, there, cancellationToken);

        // Reading the image finds what would not verify. It gets no tag, not even where another tool has put it.
        var image = there && tagged?.Digest == digest ? null : await source.Content.ReadImageAsync(cancellationToken);

        // A registry may delete what has no tag: an image without one is there when all of its manifests are.
        there = there && (image is null || await HasAllManifestsAsync(image, target.Repository, cancellationToken));
        var graph = there ? null : image;
        var attachments = await source.Content.ReadAttachmentsAsync(cancellationToken);
        var blobs = graph is null ? []
            : await PlanBlobsAsync(graph, source.Images.Repository, target.Repository, isNew, cancellationToken);
        var transfer = request.ServerSideCopy is { } way && blobs.Any(blob => blob.Action == BlobAction.Move)
            ? await way.CheckAsync(request.Base, to.Address, cancellationToken)
            : null;
        IReadOnlyList<PromotionRecord> records = tagged?.Digest != digest ? []
            : await FindRecordsAsync(request, to, target.Repository, digest, cancellationToken);
        return new ImagePlan
        {
            Image = source.Image,
            Source = source.Images.Repository,
            PromotionTarget = to,
            Target = target,
            TagBefore = tagged?.Digest,
            Manifests = graph is null ? [] : await FindMissingManifestsAsync(request, graph, target.Repository, cancellationToken),
            Blobs = transfer is { Succeeded: true }
                ? [.. blobs.Select(blob => blob.Action == BlobAction.Move ? blob with { Action = BlobAction.Transfer } : blob)]
                : blobs,
            Transfer = transfer,
            Lock = await new LockPlanner(request).PlanAsync(
                to.Address, source.Image.Name, target, tagged?.Digest, digest, cancellationToken),
            Attachments = attachments,
            MissingAttachments = await new TargetInspector(request.Options).FindMissingAsync(
                target, attachments, fresh: graph is not null, cancellationToken),
            Graph = graph,
            Root = source.Root,
            LastRecord = Latest(records),
            WritesRecord = records.Count == 0,
        };
    }

    private static PromotionRecord? Latest(IReadOnlyList<PromotionRecord> records) => records is [var last, ..] ? last : null;

    // One promotion has a record beside each image of its release.
    private static IReadOnlyList<ImagePlan> RecordTogether(IReadOnlyList<ImagePlan> images)
    {
        var recorded = images.Where(image => image.WritesRecord).Select(image => image.PromotionTarget).ToHashSet();
        return [.. images.Select(image => image with { WritesRecord = recorded.Contains(image.PromotionTarget) })];
    }

    // A record with a date that cannot be true does not count: another one is written.
    private async Task<IReadOnlyList<PromotionRecord>> FindRecordsAsync(
        PromotionRequest request, PromotionTarget target, IImageRepository repository, Digest digest,
        CancellationToken cancellationToken)
    {
        var scope = RecordScope.Of(target, _time.GetUtcNow()) with { Published = request.Release.Created };
        return (await PromotionReferrer.FindAsync(repository, digest, scope, request.Release.Version, cancellationToken)).Records;
    }

    private static async Task<bool> HasAllManifestsAsync(ImageGraph image, IImageRepository target, CancellationToken cancellationToken)
    {
        var parts = image.Manifests.Select(node => node.Content.Descriptor.Digest).Where(digest => digest != image.Root.Descriptor.Digest);
        var there = await Concurrently.SelectAsync(
            parts, (digest, token) => target.HasManifestAsync(digest, token), cancellationToken);
        return there.All(isThere => isThere);
    }

    private static async Task<IReadOnlyList<Descriptor>> FindMissingManifestsAsync(
        PromotionRequest request, ImageGraph graph, IImageRepository target, CancellationToken cancellationToken)
    {
        var manifests = graph.Manifests.Select(node => node.Content.Descriptor).ToList();
        if (!request.Options.Deep)
            return manifests;
        var there = await Concurrently.SelectAsync(
            manifests, (manifest, token) => target.HasManifestAsync(manifest.Digest, token), cancellationToken);
        return [.. manifests.Where((_, index) => !there[index])];
    }

    private static Task<IReadOnlyList<PlannedBlob>> PlanBlobsAsync(
        ImageGraph graph, IImageRepository source, IImageRepository target, bool isNew, CancellationToken cancellationToken) =>
        Concurrently.SelectAsync(
            graph.Blobs,
            async (blob, token) =>
                new PlannedBlob(
                    blob,
                    !isNew && await target.HasBlobAsync(blob, token) ? BlobAction.None
                        : source.Registry == target.Registry ? BlobAction.Mount
                        : BlobAction.Move),
            cancellationToken);
}
