using Balsa.KeyValue.Store;
using Balsa.Simulation.Randomness;

namespace Balsa.Simulation.Stores.Playing;

/// <summary>What stays the same within a round.</summary>
/// <param name="Options">Small numbers, so that limits are met.</param>
/// <param name="TwinBatch">After so many entries the twin publishes.</param>
/// <param name="TwinSteps">And then works so much.</param>
/// <param name="PublishesAlways">A view after every entry.</param>
/// <param name="StepsMax">Never more work at once than this.</param>
internal sealed record RoundSettings(
    StoreOptions Options, int TwinBatch, int TwinSteps, bool PublishesAlways = false, int StepsMax = int.MaxValue)
{
    internal static RoundSettings Draw(Dice dice) => new(
        new StoreOptions
        {
            TxnOperationsMax = dice.Chance(300) ? 128 : dice.Between(4, 9),
            SessionsMax = dice.Between(1, 6),
            SessionAnswersMax = dice.Between(1, 8),
            SessionAnswerBytesMax = dice.OneOf(10, 60, 400, 4000),
            AnswerBytesMax = dice.OneOf(40, 300, 3000, 100_000),
        },
        TwinBatch: dice.OneOf(1, 7, 60, 1000), TwinSteps: dice.OneOf(0, 1, 30, 100_000));
}
