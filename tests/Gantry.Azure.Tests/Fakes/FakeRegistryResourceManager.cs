using System.Net;
using System.Text.Json.Nodes;
using Gantry.Copying;
using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Azure.Tests.Fakes;

/// <summary>
/// An imitation of Azure Resource Manager for registries: it finds them, and its imports really copy, between the registries that the test
/// registered. An import copies what the image lists without its referrers, and overwrites nothing.
/// </summary>
/// <seealso href="https://learn.microsoft.com/rest/api/container-registry/registries/import-image">Registries, import image</seealso>
internal sealed class FakeRegistryResourceManager
{
    public const string Host = "management.azure.com";
    private const string Group =
        "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/contoso/providers/Microsoft.ContainerRegistry/registries/";
    private readonly IRegistryClient _repositories;
    private readonly Dictionary<string, string> _registries = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Task> _operations = [];
    private readonly HashSet<string> _asked = [];
    private int _polls;

    public FakeRegistryResourceManager(FakeHttpHosts hosts, IRegistryClient repositories)
    {
        _repositories = repositories;
        hosts.Add(Host, Answer);
    }

    /// <summary>Gets the bodies of the requested imports.</summary>
    public List<JsonNode> Imports { get; } = [];

    /// <summary>Gets the number of queries to the resource graph.</summary>
    public int Searches { get; private set; }

    /// <summary>The number of the next resource graph queries that fail.</summary>
    public int SearchesToFail { get; set; }

    /// <summary>The answer to an import instead of the real one.</summary>
    public (HttpStatusCode Status, string Code, string Message)? Refusal { get; set; }

    /// <summary>The error with which started imports end.</summary>
    public string? OperationError { get; set; }

    /// <summary>The way in which imports report their progress.</summary>
    public OperationTracking Tracking { get; set; } = OperationTracking.Location;

    /// <summary>True when the identity may not read the status of an import.</summary>
    public bool DeniesOperationStatus { get; set; }

    /// <summary>True when imports report success and copy nothing.</summary>
    public bool LosesImports { get; set; }

    public static string IdOf(string name) => Group + name;

    public FakeRegistryResourceManager Add(string host)
    {
        _registries.Add(host, IdOf(host[..host.IndexOf('.', StringComparison.Ordinal)]));
        return this;
    }

    private HttpResponseMessage Answer(FakeRequest request)
    {
        Assert.Equal("Bearer for Azure", request.Header("Authorization"));
        if (request.Path == "/providers/Microsoft.ResourceGraph/resources")
            return Find(request);
        if (request.Path.StartsWith("/operations/", StringComparison.Ordinal))
            return Follow(request);

        Assert.Equal(HttpMethod.Post, request.Method);
        Assert.Equal("2023-07-01", request.Query["api-version"]);
        Assert.EndsWith("/importImage", request.Path, StringComparison.Ordinal);
        var target = HostOf(request.Path[..^"/importImage".Length]);
        if (Refusal is { } refusal)
            return FakeHttpHosts.Json(refusal.Status, $$$"""{"error":{"code":"{{{refusal.Code}}}","message":"{{{refusal.Message}}}"}}""");

        var body = JsonNode.Parse(request.Body)!;
        Assert.Equal(
            ["mode", "source", "untaggedTargetRepositories"],
            body.AsObject().Select(property => property.Key).Order(StringComparer.Ordinal));
        Assert.Equal(
            ["resourceId", "sourceImage"], body["source"]!.AsObject().Select(property => property.Key).Order(StringComparer.Ordinal));
        Assert.Equal("NoForce", (string?)body["mode"]);
        Imports.Add(body);
        var image = ((string)body["source"]!["sourceImage"]!).Split('@');
        var source = HostOf((string)body["source"]!["resourceId"]!);
        var import = ImportAsync(
            source, image[0], Digest.Parse(image[1]), target, (string)body["untaggedTargetRepositories"]!.AsArray().Single()!);
        return Begin(import);
    }

    private HttpResponseMessage Find(FakeRequest request)
    {
        Searches++;
        if (SearchesToFail-- > 0)
            return FakeHttpHosts.Json(HttpStatusCode.BadRequest, """{"error":{"code":"InternalError","message":"try again"}}""");
        Assert.Equal("2022-10-01", request.Query["api-version"]);
        var body = JsonNode.Parse(request.Body)!;
        Assert.Equal("objectArray", (string?)body["options"]!["resultFormat"]);
        var query = (string)body["query"]!;
        Assert.StartsWith(
            "resources | where type =~ 'Microsoft.ContainerRegistry/registries' | where properties.loginServer =~ '",
            query,
            StringComparison.Ordinal);
        var rows = _registries
            .Where(registry => query.Contains($"'{registry.Key}'", StringComparison.Ordinal))
            .Select(registry => (JsonNode)new JsonObject { ["id"] = registry.Value })
            .ToArray();
        return FakeHttpHosts.Json(HttpStatusCode.OK, new JsonObject
        {
            ["totalRecords"] = rows.Length,
            ["count"] = rows.Length,
            ["resultTruncated"] = "false",
            ["facets"] = new JsonArray(),
            ["data"] = new JsonArray(rows),
        }.ToJsonString());
    }

    private HttpResponseMessage Begin(Task import)
    {
        if (Tracking == OperationTracking.Immediate)
        {
            import.GetAwaiter().GetResult();
            return new HttpResponseMessage(HttpStatusCode.OK);
        }

        var response = new HttpResponseMessage(HttpStatusCode.Accepted) { Content = new StringContent("") };
        var operation = $"/operations/{_operations.Count}";
        _operations.Add(operation, import);
        return Track(response, operation);
    }

    // The registry repeats the address in every answer, with a new signature.
    private HttpResponseMessage Track(HttpResponseMessage response, string operation)
    {
        response.Headers.Add("Retry-After", "0");
        if (Tracking != OperationTracking.None)
            response.Headers.Add(
                Tracking == OperationTracking.Location ? "Location" : "Azure-AsyncOperation",
                $"https://{Host}{operation}?api-version=2023-07-01&t={++_polls}");
        return response;
    }

    private HttpResponseMessage Follow(FakeRequest request)
    {
        Assert.Equal(HttpMethod.Get, request.Method);
        Assert.Equal($"{_polls}", request.Query["t"]);
        if (DeniesOperationStatus)
            return FakeHttpHosts.Json(
                HttpStatusCode.Forbidden,
                """{"error":{"code":"AuthorizationFailed","message":"The client '1' does not have authorization."}}""");
        var import = _operations[request.Path];
        var byStatus = Tracking == OperationTracking.AsyncOperation;

        // Later questions wait for the import, because pauses between them take no time here.
        if (!import.IsCompleted && _asked.Add(request.Path))
        {
            var pending = byStatus
                ? FakeHttpHosts.Json(HttpStatusCode.OK, """{"status":"InProgress"}""")
                : new HttpResponseMessage(HttpStatusCode.Accepted) { Content = new StringContent("") };
            return Track(pending, request.Path);
        }

        import.GetAwaiter().GetResult();
        if (OperationError is { } failure)
            return byStatus
                ? Track(
                    FakeHttpHosts.Json(
                        HttpStatusCode.OK, $$$"""{"status":"Failed","error":{"code":"ImportFailed","message":"{{{failure}}}"}}"""),
                    request.Path)
                : FakeHttpHosts.Json(HttpStatusCode.Conflict, $$$"""{"error":{"code":"ImportFailed","message":"{{{failure}}}"}}""");
        return byStatus
            ? Track(FakeHttpHosts.Json(HttpStatusCode.OK, """{"status":"Succeeded"}"""), request.Path)
            : new HttpResponseMessage(HttpStatusCode.OK);
    }

    private async Task ImportAsync(string source, string repository, Digest digest, string target, string targetRepository)
    {
        if (OperationError is not null || LosesImports)
            return;
        var from = _repositories.Open(RegistryAddress.Parse(source), repository);
        var to = _repositories.Open(RegistryAddress.Parse(target), targetRepository);
        var outcome = await new ImageCopier(new CopyOptions { Referrers = false, CosignTags = false }, new CopyProgress())
            .CopyAsync([new CopyRequest { Source = from, Digest = digest, Targets = [new CopyTarget(to, null)] }], CancellationToken.None);
        Assert.Null(outcome[0].Error);
    }

    private string HostOf(string id) => _registries.Single(registry => registry.Value == id).Key;
}

/// <summary>The way in which an operation reports its progress.</summary>
internal enum OperationTracking
{
    /// <summary>The operation is done when the request is answered.</summary>
    Immediate,

    /// <summary>By the status code at an address.</summary>
    Location,

    /// <summary>By the body at an address.</summary>
    AsyncOperation,

    /// <summary>Without progress reporting.</summary>
    None,
}
