using CsCheck;

namespace Gantry.Tests.Promotion.Generated;

/// <summary>What a person does to the environments, through Gantry or by hand. Targets, versions and images are indexes.</summary>
internal abstract record Step
{
    /// <summary>Promotes a release to an environment, or to some of its regions.</summary>
    public sealed record Promote(int[] Targets, int Version, bool GoesBack, bool MovesTags, bool BreaksGlass) : Step
    {
        public override string ToString() => $"Promote {Version} to {string.Join(' ', Targets)}"
            + $"{(GoesBack ? ", goes back" : "")}{(MovesTags ? ", moves tags" : "")}{(BreaksGlass ? ", breaks glass" : "")}";
    }

    /// <summary>Points a tag to an image that is of no release.</summary>
    public sealed record MoveTag(int Target, int Version, int Image) : Step;

    /// <summary>Points a tag to the image of another release.</summary>
    public sealed record Mistag(int Target, int Version, int Image, int Other) : Step;

    /// <summary>Deletes a tag.</summary>
    public sealed record DeleteTag(int Target, int Version, int Image) : Step;

    /// <summary>Deletes an image with all its tags, as a registry does for a digest.</summary>
    public sealed record DeleteImage(int Target, int Version, int Image) : Step;

    /// <summary>Deletes all that is recorded beside an image.</summary>
    public sealed record DeleteRecords(int Target, int Version, int Image) : Step;

    /// <summary>Generates the steps of a history.</summary>
    public static Gen<Step[]> Histories { get; } = Gen.Frequency(
        (8, Promotions()),
        (1, Hand((target, version, image, _) => new MoveTag(target, version, image))),
        (1, Hand((target, version, image, other) => new Mistag(target, version, image, other))),
        (1, Hand((target, version, image, _) => new DeleteTag(target, version, image))),
        (1, Hand((target, version, image, _) => new DeleteImage(target, version, image))),
        (1, Hand((target, version, image, _) => new DeleteRecords(target, version, image)))).Array[1, 24];

    // The targets are dev, test in the west, test in the east, prod. Dev comes most often, or nothing would come further.
    private static Gen<Step> Promotions() => Gen.Select(
        Gen.Frequency<int[]>(
            (3, Gen.Const<int[]>([0])),
            (3, Gen.Const<int[]>([1, 2])),
            (1, Gen.Const<int[]>([1])),
            (1, Gen.Const<int[]>([2])),
            (2, Gen.Const<int[]>([3]))),
        Gen.Int[0, GeneratedHouse.Versions.Count - 1],
        Gen.Bool,
        Gen.Bool,
        Gen.Frequency((3, Gen.Const(false)), (1, Gen.Const(true))),
        Step (targets, version, goesBack, movesTags, breaksGlass) => new Promote(targets, version, goesBack, movesTags, breaksGlass));

    private static Gen<Step> Hand(Func<int, int, int, int, Step> create) => Gen.Select(
        Gen.Int[0, 3],
        Gen.Int[0, GeneratedHouse.Versions.Count - 1],
        Gen.Int[0, GeneratedHouse.Images.Count - 1],
        Gen.Int[0, GeneratedHouse.Versions.Count - 1],
        create);
}
