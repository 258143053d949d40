using Perennial.Architecture.Tests.Cyclic.Egg;

namespace Perennial.Architecture.Tests.Cyclic.Chicken;

/// <summary>One half of the cycle that the slice rule must find.</summary>
internal sealed class Hen
{
    public Shell Lays { get; } = new();
}
