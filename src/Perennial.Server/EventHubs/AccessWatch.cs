using Perennial.Hub.Access;

namespace Perennial.Server.EventHubs;

/// <summary>Ends what lives by a token once its life is over, or once the policies of the hub no longer let it in.</summary>
internal sealed class AccessWatch : IDisposable
{
    private readonly IDisposable _expiry;
    private readonly AccessPolicies _policies;
    private readonly Func<bool> _isAllowed;
    private readonly Action _end;

    /// <param name="expiry">Watches the life of the token.</param>
    /// <param name="policies">The hub's policies.</param>
    /// <param name="isAllowed">Whether the token is good now.</param>
    /// <param name="end">Ends what lives by it; may be called more than once.</param>
    public AccessWatch(IDisposable expiry, AccessPolicies policies, Func<bool> isAllowed, Action end)
    {
        _expiry = expiry;
        _policies = policies;
        _isAllowed = isAllowed;
        _end = end;
        policies.Replaced += Check;

        // The policies may have been replaced since the token was judged.
        Check();
    }

    public void Dispose()
    {
        _policies.Replaced -= Check;
        _expiry.Dispose();
    }

    private void Check()
    {
        if (!_isAllowed())
        {
            _end();
        }
    }
}
