using Gantry.Testing;
using Microsoft.Playwright;

namespace Gantry.Display.Reports.Tests;

/// <summary>A Chromium for the tests of one class, and pages in it that report everything they ask for.</summary>
public sealed class Browser : IAsyncLifetime
{
    // Without the requests that Chromium makes for itself.
    private static readonly string[] s_arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync",
    ];

    private readonly TempFolder _folder = new();
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async Task InitializeAsync()
    {
        if (RequiredProgram.FindSkipReason(RequiredProgram.Chromium) is not null)
            return;
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = RequiredProgram.Chromium.RequirePath(),
            Headless = true,
            Args = s_arguments,
        });
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
        _folder.Dispose();
    }

    /// <summary>Writes a report into a file and opens it.</summary>
    internal async Task<OpenedPage> OpenAsync(FleetReport report, BrowserNewContextOptions? options = null)
    {
        var folder = Path.Combine(_folder.Path, Guid.NewGuid().ToString("N"));
        var path = await new ReportPage(report).WriteFileAsync(folder, default);
        return await OpenAsync(new Uri(path), options);
    }

    /// <summary>Opens an address.</summary>
    internal async Task<OpenedPage> OpenAsync(Uri address, BrowserNewContextOptions? options = null)
    {
        var context = await _browser!.NewContextAsync(options ?? new BrowserNewContextOptions());
        var opened = new OpenedPage(context, await context.NewPageAsync());
        await opened.Page.GotoAsync(address.AbsoluteUri);
        return opened;
    }
}

/// <summary>A page in a browser of its own, with all that it has asked for and said.</summary>
internal sealed class OpenedPage : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly List<string> _requests = [];
    private readonly Dictionary<string, string?> _refused = [];
    private readonly List<string> _messages = [];

    public OpenedPage(IBrowserContext context, IPage page)
    {
        _context = context;
        Page = page;
        context.Request += (_, request) => _requests.Add(request.Url);
        context.RequestFailed += (_, request) => _refused[request.Url] = request.Failure;
        context.Page += (_, other) => _messages.Add("another page: " + other.Url);
        page.Console += (_, message) => _messages.Add($"{message.Type}: {message.Text}");
        page.PageError += (_, error) => _messages.Add(error);
        page.Dialog += (_, dialog) =>
        {
            _messages.Add("dialog: " + dialog.Message);
            _ = dialog.DismissAsync();
        };
    }

    public IPage Page { get; }

    /// <summary>Gets the addresses of all requests, the page itself first.</summary>
    public IReadOnlyList<string> Requests => _requests;

    /// <summary>
    /// Gets why requests failed, by their addresses: <c>csp</c> for one that the policy of the page refused before it was sent.
    /// </summary>
    public IReadOnlyDictionary<string, string?> Refused => _refused;

    /// <summary>Gets errors, messages, dialogs and other pages.</summary>
    public IReadOnlyList<string> Messages => _messages;

    /// <summary>Opens everything that can be opened.</summary>
    public Task OpenAllAsync() => Page.EvaluateAsync("document.querySelectorAll('details').forEach(one => one.open = true)");

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();
}
