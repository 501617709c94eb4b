"""What the papers of the corpus say. All of it is invented: no experiment was run, no person is meant, no work cited
exists. A paper is a list of blocks; `{c:2,5}` cites the second and the fifth work of its bibliography."""

DROPOUT = [
    ("h1", "Introduction"),
    ("p", "Regularisation by dropout is usually set once and left alone. The rate is chosen on a validation split, copied from an earlier paper, or inherited from a default that nobody has questioned since {c:1}. Yet the amount of noise that helps a network at the beginning of training is not obviously the amount that helps at its end. Early on, the features are still forming and a strong perturbation may prevent two units from learning the same thing. Late in training, the same perturbation mostly slows convergence."),
    ("p", "We study schedules for the dropout rate that need no additional hyperparameter beyond the final value. A schedule starts at a high rate, falls along a cosine, and reaches its final value after half of the epochs {c:2,3}. The question that we ask is deliberately modest: does this simple change improve a small model on small data, where a full search over rates is affordable and the comparison can therefore be fair?\\footnote{A comparison is called fair here when both arms may use the same number of trial runs, which is rarely the case in published tables.}"),
    ("p", "Our contributions are the following."),
    ("list", ["a family of schedules with one free parameter, which includes the constant rate as a special case;",
              "an evaluation on five tabular data sets with twenty paired seeds each;",
              "an analysis of when a schedule cannot help, with a test that takes a minute to run."]),
    ("h1", "Related Work"),
    ("p", "Annealed noise has been proposed for weights, for labels and for gradients {c:4}. The closest work lowers the dropout rate linearly and reports gains on image classification, but it compares against a constant rate that was not tuned {c:5}. Others raise the rate during training, following the intuition that a network should first fit and then forget {c:6,7}. We are not aware of a comparison in which both directions were tried under an equal budget."),
    ("h2", "Adaptive Regularisation"),
    ("p", "A second line of work learns the rate of each unit by gradient descent through a relaxation of the Bernoulli variable {c:8}. These methods are more flexible than a schedule, and they double the number of parameters that an optimiser has to track. In our setting the flexibility did not pay off, as the experiments below show."),
    ("h1", "Method"),
    ("p", "Let the dropout rate at a given step be a function of the fraction of training that has been completed. We write the schedule as a cosine between an initial and a final value, which is differentiable everywhere and flat at both ends:"),
    ("eq", "r(t) = r_{\\mathrm{end}} + \\frac{1}{2}\\,(r_{0} - r_{\\mathrm{end}})\\,\\bigl(1 + \\cos(\\pi \\min(2t, 1))\\bigr)"),
    ("p", "where the final value is the rate that a constant schedule would use. Setting the initial rate to the final one recovers the baseline exactly, so that any difference in our experiments is due to the shape of the schedule and to nothing else. The schedule is evaluated once per epoch and costs no measurable time."),
    ("h1", "Experiments"),
    ("p", "All models are multilayer perceptrons with two hidden layers of 64 units, trained for 200 epochs with a batch size of 32. We used the published splits where they exist and a stratified split otherwise. Every arm was run with the same twenty seeds, so differences can be paired {c:9}. The search over constant rates used eleven values between 0.0 and 0.5."),
    ("table", "Mean accuracy over twenty seeds, in per cent. Larger is better.",
     [["Data set", "Constant", "Linear", "Cosine"], ["Wine", "97.2", "97.4", "97.9"], ["Heart", "81.3", "81.9", "82.6"], ["Glass", "68.5", "69.0", "70.2"], ["Yeast", "57.1", "57.0", "57.3"]]),
    ("h2", "Main Results"),
    ("p", "Table 1 lists the accuracy of the three schedules. The cosine schedule is ahead on all four data sets, and the lead is largest on Glass, the smallest of them. On Yeast the difference is within the spread of the seeds, and we would not call it an improvement. The linear schedule lies between the other two, as one would expect from its shape."),
    ("figure", "Dropout rate over the course of training for the three schedules that we compare."),
    ("p", "Figure 1 shows how the rate changes over time. Most of the effect comes from the first quarter of training: when the initial phase was removed, the gain on Glass fell from 1.7 to 0.4 points. We also varied the moment at which the final rate is reached, without finding a setting that was better than one half by more than the noise."),
    ("h2", "When Schedules Cannot Help"),
    ("p", "A schedule has nothing to offer where the best constant rate is zero. This can be tested cheaply: train one model without dropout, and compare its training loss with its validation loss. If the two agree, noise of any kind is superfluous, and the same holds for its schedule {c:10}."),
    ("h1", "Conclusion"),
    ("p", "A cosine schedule for the dropout rate costs nothing and gave small, consistent gains on small tabular problems. We do not claim that it transfers to larger models. The code and all predictions are available at \\url{https://github.com/example-lab/dropout-schedules}, so that every number in this paper can be computed again."),
]

ORDER = [
    ("h1", "Introduction"),
    ("p", "The order in which examples are shown to a learner is a free choice that most training scripts make at random. Curriculum learning replaces chance by a rule, and claims that easy examples should come first {c:1,2}. The evidence for this claim is mixed. Gains were reported for translation and for reinforcement learning, while careful replications on image data found that a random order does as well as any other once the learning rate is tuned {c:3}."),
    ("p", "This paper looks at a regime in which order ought to matter most: few epochs, few examples, and an optimiser without momentum. We find that a curriculum helps in the first epoch and that its advantage has vanished by the fourth. The finding is simple, and it explains why earlier studies disagree: they stopped at different moments."),
    ("h1", "Background"),
    ("p", "A curriculum consists of a score for each example and a pacing function that says how many examples are available at each step {c:4}. Scores come from a teacher model, from the length of a sentence, or from the loss of the learner itself. Pacing functions are usually linear. An anti-curriculum sorts in the opposite direction and serves as a control that is as structured as the treatment {c:5,6}."),
    ("p", "Since a score is computed before training, it can be shared between arms. We use the loss of a small reference model, averaged over five folds, and never let an example contribute to its own score. Ties are broken at random with a seed that is recorded together with the run."),
    ("h1", "Approach"),
    ("p", "We compare four orders: random, easy first, hard first, and a blocked order in which the classes come one after the other. The blocked order is known to be harmful and is included as a check that our setting is sensitive to order at all. A comparison in which nothing can go wrong would tell the reader very little {c:7}."),
    ("p", "The quantity of interest is the difference in error between an order and the random one, as a function of the number of epochs. It is estimated from paired runs that share their initial weights:"),
    ("eq", "\\Delta_k = \\frac{1}{n} \\sum_{i=1}^{n} \\left( e_{i,k}^{\\mathrm{order}} - e_{i,k}^{\\mathrm{random}} \\right)"),
    ("p", "where the sum runs over seeds. A negative value speaks for the order. We give the standard error of the mean with every estimate, and we decided on the number of seeds before the first run."),
    ("h2", "Models and Data"),
    ("p", "Three text classifiers were trained: a bag of words with a linear layer, a convolutional network, and a small transformer with four heads. The corpora are public, in English, and contain between two and nine thousand sentences. Preprocessing was limited to lower-casing and to the removal of markup."),
    ("h1", "Results"),
    ("table", "Difference in error to a random order, in percentage points, by number of epochs. Negative values are improvements.",
     [["Order", "1 epoch", "2 epochs", "4 epochs", "8 epochs"], ["Easy first", "-2.4", "-1.1", "-0.1", "0.2"], ["Hard first", "1.9", "0.8", "0.3", "0.1"], ["Blocked", "14.6", "9.7", "6.2", "4.4"]]),
    ("p", "After one epoch the easy-first order leads by 2.4 points. After four epochs nothing is left of the lead, and after eight the sign has changed, although by less than the standard error. The blocked order is harmful throughout. These results hold for all three models; the transformer shows the largest effects in both directions."),
    ("figure", "Error of four orders after one, two, four and eight epochs, with one standard error on either side."),
    ("p", "Figure 1 tells the same story as Table 1. It also shows that the spread between seeds shrinks faster under the easy-first order, which may be of practical use where only a single run can be afforded {c:8}. We repeated the experiment with momentum, and the advantage in the first epoch fell to 0.9 points."),
    ("h2", "Sensitivity to the Score"),
    ("p", "Replacing the reference loss by the length of the sentence removed most of the effect. Replacing it by a random score removed all of it, as it should. A score from a larger reference model was no better than the one we used, so we see no reason to pay for it."),
    ("h1", "Discussion"),
    ("p", "Our results are compatible with both camps. Those who trained briefly saw a gain, those who trained to convergence did not, and neither was mistaken {c:9}. What was missing was the horizontal axis. We recommend that studies of data order report the whole curve, and that they include a harmful order to show that the setting could have detected a difference."),
    ("h1", "Limitations"),
    ("p", "Only text was considered, and only classification. The learning rate was tuned for the random order, which puts the other orders at a slight disadvantage. Finally, the data sets are small; with millions of examples a single epoch is long, and our findings about the first epoch may say little about its middle."),
]

DISTIL = [
    ("h1", "Introduction"),
    ("p", "Dense retrieval maps queries and passages to vectors and compares them by an inner product. The encoders that do this well are large, and a service that answers thousands of queries per second cannot afford them {c:1}. Knowledge distillation trains a small encoder to imitate a large one. Almost all of the published recipes imitate scores, and they need the large model to score every pair that the small one sees {c:2,3}."),
    ("p", "We propose to imitate ranks instead. For each query the large model sorts a short list of candidates once, and the small model is trained to reproduce the order with a pairwise loss. The lists are stored as integers, a hundred times smaller than the scores of all pairs, and they can be reused for any student {c:4}."),
    ("h1", "Related Work"),
    ("p", "Score distillation minimises the difference between the margins of teacher and student. Its cost is dominated by the teacher, and its success depends on a temperature that has to be tuned for each pair of models {c:5}. Listwise objectives remove the temperature but keep the scores {c:6}. Rank-based objectives are common in learning to rank, where relevance is graded by people, and they have seldom been used with a model as the judge {c:7,8}."),
    ("h1", "Ranks as Supervision"),
    ("h2", "Candidate Lists"),
    ("p", "For each training query we retrieve fifty candidates with the untrained student, and another fifty with a lexical method. The union contains passages that are plausible for either reason. The teacher sorts the union once. Passages that the teacher places above the known positive are dropped, since they are often unlabelled positives rather than mistakes."),
    ("h2", "Pairwise Loss"),
    ("p", "The student is trained on pairs drawn from a list with a probability that grows with the distance of their ranks. The loss of a pair is the logistic loss of the difference of their scores:"),
    ("eq", "\\mathcal{L}(q, p_i, p_j) = \\log\\left( 1 + \\exp\\left( s(q, p_j) - s(q, p_i) \\right) \\right), \\quad i < j"),
    ("p", "Nothing in this loss refers to the values that the teacher assigned. It is therefore invariant to any monotone transformation of its scores, and a teacher can be replaced without tuning {c:9}. In preliminary experiments, a margin that depends on the rank made no difference and was left out."),
    ("h1", "Experimental Setup"),
    ("p", "Students have three layers and a dimension of 256. Teachers are cross-encoders of two sizes. We train for ten epochs with in-batch negatives as an additional source of pairs. Effectiveness is measured by reciprocal rank at ten and recall at one hundred, on the development sets of two collections, and efficiency by the number of queries that one processor core can encode in a second."),
    ("h1", "Results"),
    ("table", "Effectiveness of students trained with different targets. The teacher is listed for reference and is not a competitor.",
     [["Target", "MRR@10", "Recall@100", "Storage"], ["None", "0.281", "0.792", "0 MB"], ["Scores", "0.324", "0.841", "5900 MB"], ["Lists", "0.326", "0.845", "5900 MB"], ["Ranks (ours)", "0.329", "0.851", "61 MB"], ["Teacher", "0.374", "0.869", "0 MB"]]),
    ("p", "Ranks are as good a target as scores, and they take up a hundredth of the space. The differences between the three distilled students are small; a paired randomisation test over queries does not separate them. What separates the methods is the cost: scoring all pairs took the teacher 41 hours, sorting the lists took it 3."),
    ("figure", "Reciprocal rank against hours of teacher time for four budgets and two kinds of targets."),
    ("p", "The figure shows that with a budget of three hours, score distillation has seen only a fourteenth of the queries and falls behind by 0.02. With an unlimited budget the two curves meet. We conclude that ranks are the better choice when the teacher is the bottleneck, and that there is little to choose between them when it is not {c:10}."),
    ("h2", "Replacing the Teacher"),
    ("p", "To test the claim of invariance we trained the same student from a second teacher without changing any setting. Reciprocal rank changed by less than 0.003. With score distillation and the temperature of the first teacher, it fell by 0.019 and recovered only after the temperature had been tuned again."),
    ("h1", "Conclusion"),
    ("p", "A sorted list is a compact and portable description of what a large retrieval model knows. It is sufficient to train a small one. We hope that sorted lists will be published together with large models, because they are small enough to be shared by everybody: ours are at \\url{https://example.org/rank-lists}."),
]

CALIBRATION = [
    ("h1", "Introduction"),
    ("p", "A classifier is calibrated if, among the examples to which it assigns a probability of 80 per cent, four in five belong to the predicted class. Modern networks are overconfident, and a single temperature fitted on held-out data repairs most of the damage {c:1}. The held-out data are assumed to be labelled correctly. In practice they come from the same annotators as the training data, and one label in twenty is wrong {c:2}."),
    ("p", "What does label noise do to calibration? If the noise is symmetric, the answer is almost trivial: the best achievable confidence falls, and the temperature rises to match it. The calibrated model is then underconfident with respect to the true labels, which are the ones that a user cares about. We show that the size of the effect can be predicted from the noise rate alone, and that it can be corrected {c:3,4}."),
    ("h1", "Preliminaries"),
    ("p", "We consider a classification problem with a finite number of classes, a model that outputs a probability vector, and a noise process that replaces a label by another one, chosen uniformly, with a fixed probability. Expected calibration error is computed with fifteen bins of equal mass. All logarithms are natural."),
    ("h2", "Temperature Scaling"),
    ("p", "Temperature scaling divides the logits by a positive number before the softmax. The number is found by minimising the negative log-likelihood on the calibration set, a convex problem in one variable that takes a few milliseconds to solve {c:5}."),
    ("h2", "Noise Models"),
    ("p", "Symmetric noise is the simplest model and the one for which our correction is exact. Class-dependent noise is described by a matrix of transition probabilities, which can be estimated from a few hundred examples that were labelled twice {c:6}. We do not consider noise that depends on the input."),
    ("h1", "Correcting the Temperature"),
    ("p", "Let the model assign the probability vector p to an input. Under symmetric noise the probability that the observed label equals class k is a mixture of p and the uniform distribution over the other classes. Substituting the mixture for p in the likelihood gives the corrected objective:"),
    ("eq", "\\ell(T) = -\\sum_{i=1}^{m} \\log\\left( (1 - \\rho)\\, p_{y_i}(x_i; T) + \\frac{\\rho}{K - 1} \\bigl(1 - p_{y_i}(x_i; T)\\bigr) \\right)"),
    ("p", "The objective has one more constant than the usual one, the noise rate, and is as cheap to minimise. With a noise rate of zero it is the usual objective. We found it to be unimodal in all of our experiments, although we have no proof that it always is."),
    ("h1", "Experiments"),
    ("p", "We corrupted the calibration sets of four image and text problems at rates of 5, 10 and 20 per cent, fitted a temperature with and without the correction, and measured the calibration error on clean test sets. The models were not retrained. Each cell of the table is the mean of thirty corruptions."),
    ("table", "Expected calibration error on clean test data, in per cent, for three noise rates.",
     [["Problem", "Method", "5 %", "10 %", "20 %"], ["Digits", "usual", "2.1", "4.8", "10.9"], ["Digits", "corrected", "0.6", "0.7", "1.0"], ["Reviews", "usual", "2.6", "5.2", "11.3"], ["Reviews", "corrected", "1.1", "1.2", "1.6"]]),
    ("p", "Without the correction the error grows in proportion to the noise rate, as predicted. With it, the error stays close to what is found with clean labels. The remaining increase is due to the variance of the temperature, which is larger when fewer labels are informative {c:7}."),
    ("figure", "Predicted and observed calibration error as a function of the noise rate; each point is one corruption."),
    ("h2", "Unknown Noise Rates"),
    ("p", "When the rate is unknown it can be estimated together with the temperature, at the price of a flat likelihood. A prior on the rate, centred on five per cent, was enough to stabilise the estimate. Misspecifying the rate by a factor of two costs about as much as ignoring it when the true rate is 2 per cent, and much less when it is larger {c:8}."),
    ("h1", "Related Work"),
    ("p", "Learning with noisy labels has a large literature, most of it concerned with accuracy {c:9}. Calibration under distribution shift is related, since a change of labels is a shift of a special kind {c:10}. Closest to ours is work on conformal prediction with noisy calibration data, which arrives at a similar correction for the coverage of prediction sets {c:11}."),
    ("h1", "Conclusion"),
    ("p", "Post-hoc calibration inherits the errors of its labels. For symmetric noise the damage is predictable and the remedy is one line of code. We recommend to have a few hundred calibration examples labelled twice, to estimate the rate from their disagreement, and to report it."),
]

SPARSE = [
    ("h1", "Introduction"),
    ("p", "Transformers for time series attend to every step of a window, although most of the steps carry no information that their neighbours do not carry as well. The cost grows with the square of the window, and long windows are where the interesting periods are {c:1,2}. Sparse attention reduces the cost by restricting the pairs of steps that are compared. Which pairs should be kept is usually decided by a fixed pattern: a band along the diagonal, a few global tokens, or strides that double {c:3}."),
    ("p", "We let the signal decide. A periodogram of the training data names the dominant periods, and attention is restricted to multiples of these periods around each step. The pattern is computed once, before training, and needs no learned router. On hourly data this typically selects 24 and 168, a day and a week, without being told about calendars {c:4}."),
    ("h1", "Period-Aligned Attention"),
    ("p", "For a window of length L and a set of periods P, step t attends to all steps whose distance to t is within w of a multiple of some period. The number of such steps is proportional to the sum of L/p over the periods, so the cost is quadratic only if a period is short. Very short periods are replaced by the band along the diagonal, which covers them anyway {c:5}."),
    ("eq", "A_{t} = \\{\\, s : |t - s| \\le w \\,\\} \\cup \\bigcup_{p \\in P} \\{\\, s : \\min_{k} |t - s - kp| \\le w \\,\\}"),
    ("p", "Implementation is straightforward. The union of the sets is turned into a block-sparse mask with blocks of 16 steps, for which efficient kernels exist. Masks are shared between layers and heads, and they are stored with the checkpoint, so that a model can be used without access to its training data."),
    ("h2", "Choosing the Periods"),
    ("p", "We compute the periodogram of each training series, average over series, and select peaks that exceed the median power by a factor of ten. At most four periods are kept. A series without peaks gets the band alone, and the model reduces to local attention. This happened for one of our six data sets, the exchange rates, where it did no harm {c:6}."),
    ("h1", "Experiments"),
    ("p", "We forecast 96 steps ahead on six public data sets and compare with dense attention, local attention, strided attention and a linear model {c:7,8}. All transformers have the same size and were trained with the same schedule. The linear model is included because it is often surprisingly hard to beat. Results are means over ten seeds; the largest standard error is 0.004."),
    ("table", "Mean squared error of forecasts 96 steps ahead, and seconds per epoch.",
     [["Model", "Power", "Traffic", "Weather", "Rates", "Seconds"], ["Linear", "0.194", "0.413", "0.176", "0.084", "9"], ["Dense", "0.171", "0.398", "0.168", "0.097", "412"], ["Local", "0.188", "0.431", "0.166", "0.089", "96"], ["Strided", "0.176", "0.405", "0.169", "0.094", "131"], ["Aligned (ours)", "0.169", "0.394", "0.167", "0.089", "118"]]),
    ("p", "Period-aligned attention matches dense attention on all data sets with strong periods, at less than a third of its cost. On the exchange rates the linear model is best, and no transformer should be used. The strided pattern comes close where its strides happen to fall on a period, and loses where they do not."),
    ("figure", "Squared error against the length of the window for dense and for period-aligned attention."),
    ("p", "Longer windows help the aligned model and hurt the dense one beyond 720 steps. We attribute this to overfitting: the dense model has to learn from data which of the many steps to ignore, and with more steps there is more to ignore. The aligned model starts with the answer {c:9}."),
    ("h2", "Ablations"),
    ("p", "Random periods, drawn once and kept, were worse than strides. Removing the weekly period increased the error on Traffic by 0.011 and left Weather unchanged. Widening the tolerance from 2 to 8 steps doubled the cost without a gain. A learned router found the same periods after 30 epochs and cost twice as much."),
    ("h1", "Limitations"),
    ("p", "Signals whose periods drift are not well served by a fixed mask. Events without a period, such as holidays, are seen through the band alone. Both could be addressed by a few global tokens, which we left out in order to keep the comparison clean {c:10}."),
    ("h1", "Conclusion"),
    ("p", "A spectrum that takes a second to compute is a good guide to where a forecaster should look. The approach is simple, deterministic and cheap, and we suggest it as a baseline for future work on sparse attention in forecasting. Code: \\url{https://gitlab.com/example-lab/aligned-attention}."),
]

APPENDIX = [
    ("a1", "Hyperparameters"),
    ("p", "Learning rates were searched on a logarithmic grid with five values, weight decay on a grid with three. The best setting of the baseline was used for all arms. Training stopped after twenty epochs without improvement of the validation loss, and the weights of the best epoch were restored."),
    ("a1", "Additional Results"),
    ("p", "Medians tell the same story as means. No run was excluded, and no run failed. The complete table, with one line for each seed, accompanies the code. We also list the time of each run, because two of the machines were slower than the others by about a tenth."),
    ("a2", "Effect of the Batch Size"),
    ("p", "Halving the batch size changed no ranking. Doubling it reduced all differences by about a third, presumably because larger batches leave less noise for any regulariser to replace."),
]

PEOPLE = ["Ann Ash", "Bo Birch", "Cy Cedar", "Di Elder", "Ed Fir", "Flo Hazel", "Gus Juniper", "Ivy Larch", "Joe Maple", "Kim Oak", "Lee Pine", "May Rowan", "Ned Spruce", "Oda Walnut", "Pip Willow", "Una Yew"]

VENUES = [("Journal of Small Experiments", "j"), ("Proceedings of the Third Workshop on Careful Comparison", "p"), ("Transactions on Modest Learning", "j"), ("Proceedings of the Conference on Invented Results", "p"), ("arXiv preprint", "a"), ("Annals of Repeated Measurement", "j"), ("Proceedings of the Meeting on Paired Seeds", "p")]

WORKS = """Defaults that nobody chose: a survey of inherited hyperparameters
Cosine annealing for almost everything
On the half-life of a good schedule
Noise in weights, labels and gradients: three views of one regulariser
Lower it slowly: linear decay of stochastic masks
First fit, then forget
Raising the rate: late regularisation of wide networks
Relaxed Bernoulli units and what they learn
Twenty seeds are enough, sometimes
A one-minute test for superfluous noise
Paired comparisons under a fixed budget
How many runs does a ranking need?
Learning from easy examples
Pacing functions for impatient learners
Random order is hard to beat
Scores without teachers: ranking examples by their own loss
The anti-curriculum as a control condition
Class-blocked training and catastrophic interference in small networks
Sensitive settings: designing experiments that can fail
Momentum hides the effect of data order
The missing horizontal axis
Dense encoders for sparse budgets
Margins, temperatures and other things to tune
Imitating the judge: cross-encoders as annotators
Lists instead of scores
Unlabelled positives in passage collections
Monotone invariance of pairwise objectives
A lexical baseline that refuses to retire
Graded relevance without people
Retrieval at a thousand queries per second
Confidence after the softmax
One label in twenty: auditing popular test sets
Temperature scaling with unreliable thermometers
Transition matrices from doubly labelled data
Binning with equal mass
Conformal sets from noisy calibration data
Priors on noise rates
Shifted labels, shifted confidence
Attention to every step considered wasteful
Windows, bands and strides
Calendars from periodograms
Block-sparse kernels for irregular masks
Linear models for long horizons
Forecasting exchange rates is still difficult
Learned routers find what the spectrum knew
Global tokens for local events
When longer context hurts
Checkpoints that carry their masks
Drifting periods and fixed patterns
Holidays as outliers
Small multilayer perceptrons on small tables
Stratified splits of small collections
Reporting every seed
Effect sizes for benchmark tables
The cost of a fair search
Reproducing a table from its predictions
Cells, rows and columns: reading tables by machine
Footnotes as evidence
What an appendix is for
Two columns or one? A typographic ablation""".split("\n")
