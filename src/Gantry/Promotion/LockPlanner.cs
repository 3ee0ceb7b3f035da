using Gantry.Copying;
using Gantry.Environments;
using Gantry.Oci;

namespace Gantry.Promotion;

/// <summary>Plans the changes of locks for a promotion.</summary>
internal sealed class LockPlanner(PromotionRequest request)
{
    /// <summary>
    /// Plans the changes of locks for one image. Throws <c>GAN4025</c> when its tag is locked and would have to move, <c>GAN4026</c> when
    /// the environment requires a lock that its registry does not support.
    /// </summary>
    public async Task<PlannedLock> PlanAsync(
        RegistryAddress at, string image, CopyTarget target, Digest? tagBefore, Digest digest, CancellationToken cancellationToken)
    {
        var wanted = request.Environment.Lock;
        var moves = tagBefore is not null && tagBefore != digest;
        if (request.Locks is not { } locks || (wanted == ImageLock.None && !moves))
            return PlannedLock.None with { Wanted = wanted, IsUnsupported = wanted != ImageLock.None };

        var state = await FindAsync(locks, at, image, target.Tag!, digest, cancellationToken);
        if (state is null)
            return wanted == ImageLock.None || at is not HostAddress
                ? PlannedLock.None with { Wanted = wanted, IsUnsupported = wanted != ImageLock.None }
                : throw PromotionErrors.NoLocks(request.Environment, target.Repository.Location);
        if (moves && state.IsTagFixed && !request.UnlocksTags)
            throw PromotionErrors.TagLocked(target.Repository.Location, target.Tag!, tagBefore!.Value);

        return new PlannedLock { Wanted = wanted, Locks = moves || !state.Holds(wanted), Unlocks = moves && state.IsTagFixed };
    }

    private async Task<LockState?> FindAsync(
        IImageLocks finder, RegistryAddress at, string image, string tag, Digest digest, CancellationToken cancellationToken)
    {
        try
        {
            return await finder.FindAsync(at, image, tag, digest, cancellationToken);
        }
        catch (GantryException) when (request.Environment.Lock == ImageLock.None)
        {
            // No lock was requested: without the right to read locks, moving the tag shows whether it is locked.
            return null;
        }
    }
}
