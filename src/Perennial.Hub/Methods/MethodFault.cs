namespace Perennial.Hub.Methods;

/// <summary>Why a method is not asked of a device.</summary>
/// <param name="IsTooLarge">Whether it is the payload's length.</param>
/// <param name="Message">Which bound is broken, for the caller.</param>
public sealed record MethodFault(bool IsTooLarge, string Message)
{
    internal static MethodFault Invalid(string message) => new(false, message);

    internal static MethodFault TooLarge(string message) => new(true, message);
}
