namespace Nuke.Common.Utilities;

public class DelegateDisposable : IDisposable
{
    private readonly Action _cleanup;

    private DelegateDisposable(Action cleanup) => _cleanup = cleanup;

    public static IDisposable CreateBracket(Action setup = null, Action cleanup = null)
    {
        setup?.Invoke();
        return new DelegateDisposable(cleanup);
    }

    public void Dispose() => _cleanup?.Invoke();
}
