using Gantry.Oci;
using Gantry.Registries;
using Gantry.Testing;
using Gantry.Testing.Faults;

namespace Gantry.Tests.Registries.Remote;

/// <summary>Lists that take many pages, against a registry that gives 100 entries at once.</summary>
public sealed class LongListTests : IAsyncLifetime
{
    private const int PageSize = 100;
    private const int Tags = 10_000;
    private const int Referrers = 1_000;
    private static readonly SampleImage s_image = SampleImage.Create(47, 1000);

    private ScriptedRegistry _registry = null!;
    private RegistrySession _session = null!;
    private IImageRepository _app = null!;

    [Fact]
    public async Task Ten_thousand_tags_are_read_page_by_page()
    {
        var expected = Enumerable.Range(1, Tags).Select(number => $"1.{number:00000}.0").ToList();
        foreach (var tag in expected)
            _registry.Store.Tags[("app", tag)] = s_image.Root.Descriptor.Digest.ToString();

        Assert.Equal(expected, await _app.ListTagsAsync(default));
        Assert.Equal(Tags / PageSize, _registry.Requests.Count);
    }

    [Fact]
    public async Task A_list_that_only_saves_requests_costs_one_whatever_its_length()
    {
        for (var number = 0; number < Tags; number++)
            _registry.Store.Tags[("app", $"1.{number}.0")] = s_image.Root.Descriptor.Digest.ToString();

        Assert.Null(await _app.TryListTagsInOnePageAsync(default));
        Assert.Single(_registry.Requests);
    }

    [Fact]
    public async Task A_thousand_referrers_are_read_page_by_page()
    {
        for (var number = 0; number < Referrers; number++)
            _registry.Store.Add("app", SampleImage.CreateReferrer(s_image.Root.Descriptor, $"number {number}"));

        var found = await _app.ListReferrersAsync(s_image.Root.Descriptor.Digest, default);

        Assert.Equal(Referrers, found.DistinctBy(referrer => referrer.Digest).Count());
        Assert.Equal(Referrers / PageSize, _registry.Requests.Count);
    }

    public async Task InitializeAsync()
    {
        _registry = await ScriptedRegistry.StartAsync(new() { PageSize = PageSize, ReferrersApi = true });
        _registry.Store.Add("app", s_image, "v1");
        _registry.Store.Tags.Clear();
        _session = new RegistrySession(_registry.SessionOptions());
        _app = _session.Open(_registry.Address, "app");
    }

    public async Task DisposeAsync()
    {
        await _session.DisposeAsync();
        await _registry.DisposeAsync();
    }
}
